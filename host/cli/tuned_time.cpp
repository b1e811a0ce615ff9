#include "host/cli/tuned_time.h"

#include <charconv>
#include <filesystem>

#include "host/io/input_file.h"
#include "host/store/durable_file.h"
#include "host/store/sha256.h"

namespace warpshard::cli {
namespace {

constexpr std::chrono::seconds kInterval{10};
constexpr std::size_t kMostBytes = 64;

}  // namespace

TunedTime::TunedTime(const std::string& folder, const std::string& identity)
    : path_(folder + "/" + store::hex(store::sha256(identity)) + ".seconds") {
  const auto text = io::read_file(path_, kMostBytes);
  if (!text) return;
  double seconds = 0;
  std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (seconds > 0) before_ = seconds;
}

void TunedTime::tick() {
  if (std::chrono::steady_clock::now() - saved_ < kInterval) return;
  save();
}

void TunedTime::save() {
  saved_ = std::chrono::steady_clock::now();
  const double spent = before_ + std::chrono::duration<double>(saved_ - start_).count();
  if (!store::make_folder_durably(std::filesystem::path(path_).parent_path().string()))
    store::write_durably(path_, std::to_string(spent) + "\n");
}

void TunedTime::end(bool finished) {
  std::error_code ignored;
  if (finished)
    std::filesystem::remove(path_, ignored);
  else
    save();
}

}  // namespace warpshard::cli
