#include "host/device/device_choice.h"

#include <gtest/gtest.h>

namespace warpshard {
namespace {

DeviceList two_devices() {
  DeviceList list;
  for (const std::int32_t number : {0, 1}) {
    DeviceInfo device;
    device.number = number;
    device.name = "GPU";
    list.devices.push_back(device);
  }
  return list;
}

std::vector<std::int32_t> numbers_of(const ChosenDevices& chosen) {
  std::vector<std::int32_t> numbers;
  for (const DeviceInfo& device : chosen.gpus) numbers.push_back(device.number);
  return numbers;
}

Result<ChosenDevices> choose(std::string_view text, const DeviceList& list) {
  const auto choice = parse_device_choice(text);
  EXPECT_TRUE(choice.ok()) << text;
  return choose_devices(*choice, list);
}

TEST(DeviceChoice, ReadsEveryForm) {
  EXPECT_EQ(parse_device_choice("auto")->kind, DeviceChoice::Kind::kAuto);
  EXPECT_EQ(parse_device_choice("cpu")->kind, DeviceChoice::Kind::kCpu);
  EXPECT_EQ(parse_device_choice("cuda")->kind, DeviceChoice::Kind::kCuda);
  EXPECT_TRUE(parse_device_choice("cuda")->numbers.empty());
  EXPECT_EQ(parse_device_choice("cuda:3")->numbers, std::vector<std::int32_t>{3});
  EXPECT_EQ(parse_device_choice("cuda:2,0,2")->numbers, (std::vector<std::int32_t>{2, 0}));
  EXPECT_EQ(parse_device_choice("cpu-population")->kind, DeviceChoice::Kind::kHost);
  EXPECT_EQ(parse_device_choice("cpu-population")->threads, 1);
  EXPECT_EQ(parse_device_choice("cpu-population:3")->threads, 3);
}

TEST(DeviceChoice, LetsTheCpuTakeAGpusPlace) {
  const auto chosen = choose("cpu-population:2", two_devices());
  ASSERT_TRUE(chosen.ok());
  ASSERT_EQ(chosen->gpus.size(), 1U);
  EXPECT_EQ(chosen->gpus.front().kind, DeviceInfo::Kind::kHost);
  EXPECT_EQ(chosen->gpus.front().multiprocessors, 2);
  EXPECT_NE(chosen->reason.find("cpu-population"), std::string::npos);
  for (const char* wrong : {"cpu-population:", "cpu-population:0", "cpu-population:2x",
                            "cpu-populations", "cpu-population:-1"})
    EXPECT_FALSE(parse_device_choice(wrong).ok()) << wrong;
}

TEST(DeviceChoice, RefusesUnknownNames) {
  for (const char* text : {"", "gpu", "CPU", "cuda:", "cuda:x", "cuda:1,", "cuda:,1", "cuda:-1",
                           "cuda:1 ", "cuda:99999999999", "cpu:0", "auto "}) {
    const auto choice = parse_device_choice(text);
    ASSERT_FALSE(choice.ok()) << text;
    EXPECT_NE(choice.error().message.find("expected auto, cpu, cpu-population"), std::string::npos);
  }
}

TEST(DeviceChoice, AutoTakesWhatThereIsAndSaysWhy) {
  EXPECT_EQ(numbers_of(*choose("auto", two_devices())), (std::vector<std::int32_t>{0, 1}));
  const auto none = choose("auto", DeviceList{{}, "no driver"});
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->gpus.empty());
  EXPECT_EQ(none->reason, "cpu (no driver)");
}

TEST(DeviceChoice, CpuLeavesGpusAlone) {
  EXPECT_TRUE(choose("cpu", two_devices())->gpus.empty());
}

TEST(DeviceChoice, CudaFailsWhereThereIsNone) {
  const auto none = choose("cuda", DeviceList{{}, "no driver"});
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().message, "no CUDA device: no driver");
  const auto absent = choose("cuda:1,7", two_devices());
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().message, "no CUDA device 7; there is cuda:0 GPU, cuda:1 GPU");
}

TEST(DeviceChoice, CudaTakesWhatIsNamed) {
  EXPECT_EQ(numbers_of(*choose("cuda:1", two_devices())), std::vector<std::int32_t>{1});
  EXPECT_EQ(numbers_of(*choose("cuda", two_devices())), (std::vector<std::int32_t>{0, 1}));
}

}  // namespace
}  // namespace warpshard
