#pragma once

#include <cstdio>
#include <mutex>
#include <string>

namespace warpshard::cli {

enum class LogLevel { kQuiet, kInfo, kDebug };

/// Owns a program's standard output: any number of log lines that start with '#', then one last
/// line. Callable from any thread.
class Printer {
 public:
  explicit Printer(LogLevel level, std::FILE* out = stdout);

  LogLevel level() const { return level_; }

  /// Prints "# line", escaped(), at level info and above; nothing after finish().
  void info(const std::string& line) { log(LogLevel::kInfo, line); }
  /// Prints "# line", escaped(), at level debug; nothing after finish().
  void debug(const std::string& line) { log(LogLevel::kDebug, line); }

  /// Prints `json`, an object on one line, as it is at level info and above; nothing after
  /// finish().
  void event(const std::string& json);

  /// True if a person watches: log lines go to a terminal that can move its cursor.
  bool on_terminal() const { return on_terminal_; }

  /// Shows "# line" below everything else until the next call, cut to the terminal's width; only
  /// on terminals, and nothing after finish(). An empty line takes it away.
  void live(const std::string& line);

  /// Prints `last_line` as it is, whatever the level, and ends the output.
  void finish(const std::string& last_line);

  /// True if everything so far reached standard output.
  bool written() const;

 private:
  void log(LogLevel level, const std::string& line);
  void write(const std::string& text);
  void put(const std::string& text);

  const LogLevel level_;
  std::FILE* const out_;
  const bool on_terminal_;
  mutable std::mutex mutex_;
  std::string live_;  ///< what live() shows
  bool finished_ = false;
  bool written_ = true;
};

}  // namespace warpshard::cli
