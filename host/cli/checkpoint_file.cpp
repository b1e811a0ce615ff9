#include "host/cli/checkpoint_file.h"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "host/io/input_file.h"
#include "host/io/output_file.h"

namespace warpshard::cli {

std::optional<Error> CheckpointFile::begin(SolverOptions& options) {
  std::error_code ignored;
  if (path_.empty()) return std::nullopt;
  options.checkpoint_seconds = seconds_between_;
  if (!std::filesystem::exists(path_, ignored)) return std::nullopt;
  auto bytes = io::read_file(path_);
  if (!bytes) return bytes.error();
  if (bytes->empty()) return Error{path_ + ": empty, no checkpoint"};
  bytes_ = *std::move(bytes);
  options.checkpoint = std::as_bytes(std::span(bytes_));
  return std::nullopt;
}

void CheckpointFile::join(SolverCallbacks& callbacks) {
  if (path_.empty()) return;
  callbacks.on_checkpoint = [this](std::span<const std::byte> bytes) {
    // The reader of this file is this program: text or not, bytes are bytes.
    const auto* const text = reinterpret_cast<const char*>(bytes.data());
    failure_ = io::write_file(path_, std::string_view(text, bytes.size()));
  };
}

}  // namespace warpshard::cli
