#include "tests/ptx/source.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace warpshard::ptx {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

/// Blanks out comments and the directives that end with their line; lines keep their numbers.
std::string without_notes(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNotes{".loc", ".file", ".version", ".target",
                                                   ".address_size"};
  std::string kept;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, line.find("//"));
    const std::string_view first = stripped(line);
    const std::string_view word = first.substr(0, first.find_first_of(kBlank));
    const bool note = std::ranges::find(kNotes, word) != kNotes.end();
    if (!note) kept += line;
    kept += '\n';
  }
  return kept;
}

/// Walks over a module's text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  int line() const { return line_; }

  /// The next character that is not blank, or 0 at the end.
  char peek() {
    while (at_ < text_.size() && kBlank.find(text_[at_]) != std::string_view::npos) next();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  char next() {
    const char c = text_[at_++];
    line_ += c == '\n' ? 1 : 0;
    return c;
  }
  /// Reads up to one of `ends`, and past it.
  std::string until(std::string_view ends) {
    std::string read;
    while (at_ < text_.size()) {
      last_ = next();
      if (ends.find(last_) != std::string_view::npos) return std::string(stripped(read));
      read += last_;
    }
    throw std::runtime_error("PTX ends after '" + read.substr(0, 80) + "'");
  }
  /// What until() ended at.
  char last() const { return last_; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  char last_ = '\0';
};

/// Reads statements up to the brace that closes the body.
std::vector<Statement> read_body(Scanner& scanner) {
  std::vector<Statement> body;
  for (int depth = 1; depth > 0;) {
    const char first = scanner.peek();
    const int line = scanner.line();
    if (first == '{' || first == '}') {
      depth += first == '{' ? 1 : -1;
      scanner.next();
    } else if (first == '$') {
      body.push_back({scanner.until(":") + ":", line});
    } else {
      body.push_back({scanner.until(";"), line});
    }
  }
  return body;
}

}  // namespace

std::string_view stripped(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::vector<std::string> split_operands(std::string_view text) {
  std::vector<std::string> parts;
  std::string part;
  int depth = 0;
  for (const char c : text) {
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c == ',' && depth == 0) {
      parts.emplace_back(stripped(part));
      part.clear();
    } else {
      part += c;
    }
  }
  if (!stripped(part).empty()) parts.emplace_back(stripped(part));
  return parts;
}

std::vector<EntrySource> split_entries(std::string_view module) {
  const std::string text = without_notes(module);
  std::vector<EntrySource> entries;
  std::vector<std::string> declarations;
  Scanner scanner(text);
  while (scanner.peek() != '\0') {
    const std::string head = scanner.until(";(");
    if (scanner.last() == ';') {
      declarations.push_back(head);
      continue;
    }
    constexpr std::string_view kEntry = ".entry";
    const std::size_t entry = head.find(kEntry);
    if (entry == std::string::npos) throw std::runtime_error("functions are not read: " + head);
    EntrySource source;
    source.name = stripped(std::string_view(head).substr(entry + kEntry.size()));
    source.declarations = declarations;
    source.parameters = split_operands(scanner.until(")"));
    scanner.until("{");  // launch bounds
    source.body = read_body(scanner);
    entries.push_back(std::move(source));
  }
  return entries;
}

}  // namespace warpshard::ptx
