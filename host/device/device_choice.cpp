#include "host/device/device_choice.h"

#include <algorithm>
#include <charconv>

#include "host/device/host_search.h"

namespace warpshard {
namespace {

constexpr std::string_view kNumbered = "cuda:";
constexpr std::string_view kPopulation = "cpu-population";

Error unknown_device(std::string_view text) {
  return Error{"unknown device '" + std::string(text) +
               "'; expected auto, cpu, cpu-population[:THREADS], cuda or cuda:N[,N...]"};
}

/// Reads one number and takes it off the front of `text`; false if there is none.
bool take_number(std::string_view& text, std::int32_t& number) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return false;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

std::string list_of(const std::vector<DeviceInfo>& devices) {
  std::string text;
  for (const DeviceInfo& device : devices) {
    if (!text.empty()) text += ", ";
    text += device.label() + " " + device.name;
  }
  return text;
}

/// Reads what follows kPopulation: nothing, or ":THREADS".
Result<DeviceChoice> parse_population(std::string_view text) {
  DeviceChoice choice;
  choice.kind = DeviceChoice::Kind::kHost;
  std::string_view rest = text.substr(kPopulation.size());
  if (rest.empty()) return choice;
  const bool numbered = rest.front() == ':';
  rest.remove_prefix(1);
  if (!numbered || !take_number(rest, choice.threads) || !rest.empty() || choice.threads < 1)
    return unknown_device(text);
  return choice;
}

}  // namespace

Result<DeviceChoice> parse_device_choice(std::string_view text) {
  DeviceChoice choice;
  if (text == "auto") return choice;
  if (text == "cpu") {
    choice.kind = DeviceChoice::Kind::kCpu;
    return choice;
  }
  if (text.starts_with(kPopulation)) return parse_population(text);
  choice.kind = DeviceChoice::Kind::kCuda;
  if (text == "cuda") return choice;
  if (text.substr(0, kNumbered.size()) != kNumbered) return unknown_device(text);
  std::string_view rest = text.substr(kNumbered.size());
  for (;;) {
    std::int32_t number = 0;
    if (!take_number(rest, number)) return unknown_device(text);
    const auto& seen = choice.numbers;
    if (std::find(seen.begin(), seen.end(), number) == seen.end()) choice.numbers.push_back(number);
    if (rest.empty()) return choice;
    if (rest.front() != ',') return unknown_device(text);
    rest.remove_prefix(1);
  }
}

Result<ChosenDevices> choose_devices(const DeviceChoice& choice, const DeviceList& list) {
  if (choice.kind == DeviceChoice::Kind::kCpu) return ChosenDevices{{}, "cpu (as asked for)"};
  if (choice.kind == DeviceChoice::Kind::kHost) {
    const DeviceInfo host = host_device(choice.threads);
    return ChosenDevices{{host}, "cpu and " + list_of({host}) + " (as asked for)"};
  }
  if (choice.kind == DeviceChoice::Kind::kAuto) {
    if (list.devices.empty()) return ChosenDevices{{}, "cpu (" + list.absence + ")"};
    return ChosenDevices{list.devices, "cpu and " + list_of(list.devices) + " (found)"};
  }
  if (list.devices.empty()) return Error{"no CUDA device: " + list.absence};
  ChosenDevices chosen;
  for (const std::int32_t number : choice.numbers) {
    const auto match = std::find_if(list.devices.begin(), list.devices.end(),
                                    [&](const DeviceInfo& d) { return d.number == number; });
    if (match == list.devices.end())
      return Error{"no CUDA device " + std::to_string(number) + "; there is " +
                   list_of(list.devices)};
    chosen.gpus.push_back(*match);
  }
  if (choice.numbers.empty()) chosen.gpus = list.devices;
  chosen.reason = "cpu and " + list_of(chosen.gpus) + " (as asked for)";
  return chosen;
}

Result<ChosenDevices> choose_devices(const DeviceChoice& choice) {
  const bool may_be_gpu =
      choice.kind == DeviceChoice::Kind::kAuto || choice.kind == DeviceChoice::Kind::kCuda;
  return choose_devices(choice, may_be_gpu ? cuda_devices() : DeviceList{});
}

}  // namespace warpshard
