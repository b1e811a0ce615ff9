#include "host/cli/printer.h"

namespace warpshard::cli {

void Printer::finish(const std::string& last_line) {
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  finished_ = true;
  write(last_line + "\n");
}

void Printer::event(const std::string& json) {
  if (level_ < LogLevel::kInfo) return;
  const std::lock_guard lock(mutex_);
  if (!finished_) write(json + "\n");
}

bool Printer::written() const {
  const std::lock_guard lock(mutex_);
  return written_;
}

void Printer::log(LogLevel level, const std::string& line) {
  if (level > level_) return;
  const std::lock_guard lock(mutex_);
  if (!finished_) write("# " + line + "\n");
}

void Printer::write(const std::string& text) {
  // Flushed at once: whoever reads the other end of a pipe wants to see progress.
  const bool complete = std::fwrite(text.data(), 1, text.size(), out_) == text.size();
  if (std::fflush(out_) != 0 || !complete) written_ = false;
}

}  // namespace warpshard::cli
