#include "host/cli/printer.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "host/cli/escape.h"

namespace warpshard::cli {
namespace {

constexpr const char* kEraseLine = "\r\033[K";

bool is_terminal(std::FILE* out) {
  const char* kind = std::getenv("TERM");
  return isatty(fileno(out)) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

/// Characters that fit on a line of the terminal.
std::size_t columns_of(std::FILE* out) {
  constexpr std::size_t kUsual = 80;
  winsize size{};
  if (ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsual;
  return size.ws_col;
}

}  // namespace

Printer::Printer(LogLevel level, std::FILE* out)
    : level_(level), out_(out), on_terminal_(level >= LogLevel::kInfo && is_terminal(out)) {}

void Printer::live(const std::string& line) {
  if (!on_terminal_) return;
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  const std::string before = std::move(live_);
  live_ = line.empty() ? line : ("# " + line).substr(0, columns_of(out_) - 1);
  if (!before.empty() || !live_.empty()) put(kEraseLine + live_);
}

void Printer::finish(const std::string& last_line) {
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  finished_ = true;
  if (!live_.empty()) put(kEraseLine);
  live_.clear();
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
  if (!finished_) write("# " + escaped(line) + "\n");
}

void Printer::write(const std::string& text) {
  put(live_.empty() ? text : kEraseLine + text + live_);
}

void Printer::put(const std::string& text) {
  // Flushed at once: whoever reads the other end of a pipe wants to see progress.
  const bool complete = std::fwrite(text.data(), 1, text.size(), out_) == text.size();
  if (std::fflush(out_) != 0 || !complete) written_ = false;
}

}  // namespace warpshard::cli
