#include "host/tune/standing_notes.h"

#include <array>
#include <charconv>
#include <filesystem>
#include <utility>

#include "host/io/input_file.h"
#include "host/store/durable_file.h"
#include "host/store/sha256.h"

namespace warpshard::tune {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = 4096;

/// By which a file is known to be what it was; empty if it is not there.
std::string state_of(const std::string& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) return "";
  const auto written = fs::last_write_time(file, error);
  if (error) return "";
  return std::to_string(size) + " " + std::to_string(written.time_since_epoch().count());
}

std::string digits(double value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

/// Takes a number of 0 or more off the front of `text`; false if there is none.
bool take_number(std::string_view& text, double& value) {
  if (!text.starts_with(' ')) return false;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + 1, end, value);
  if (error != std::errc() || !(value >= 0)) return false;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  return true;
}

}  // namespace

StandingNotes::StandingNotes(std::string folder) : folder_(std::move(folder)) {
  std::error_code ignored;
  fs::create_directories(folder_, ignored);
}

std::string StandingNotes::path_of(const std::string& file) const {
  return folder_ + "/" + store::hex(store::sha256(file));
}

void StandingNotes::write(const std::string& file, const Standing& standing) const {
  store::write_durably(path_of(file), state_of(file) + " " + digits(standing.gap) + " " +
                                          digits(standing.seconds) + " " +
                                          digits(standing.recent_gain) + "\n");
}

std::optional<Standing> StandingNotes::read(const std::string& file) const {
  const auto bytes = io::read_file(path_of(file), kMostBytes);
  const std::string state = state_of(file);
  if (!bytes || state.empty() || !bytes->starts_with(state)) return std::nullopt;
  std::string_view rest = std::string_view(*bytes).substr(state.size());
  Standing standing;
  if (!take_number(rest, standing.gap) || !take_number(rest, standing.seconds) ||
      !take_number(rest, standing.recent_gain) || rest != "\n")
    return std::nullopt;
  return standing;
}

}  // namespace warpshard::tune
