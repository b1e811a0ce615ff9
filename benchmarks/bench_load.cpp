// How load_problem() compares with what simdjson alone needs to walk the same numbers.
//
//   bench_load FILE [REPEATS]
//
// Prints the best and the median time of REPEATS (5) runs each, turn by turn, of
//   walk  simdjson's On-Demand interface over the whole document, already in memory, every number
//         added up; neither reading nor unpacking the file counts
//   load  load_problem(), with reading, unpacking and validating
// and the peak memory (ru_maxrss) of a process that does nothing but load the file, next to the
// size of the document (uncompressed).
#include <simdjson.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "host/io/byte_source.h"
#include "host/io/failure.h"
#include "warpshard/load.h"

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The whole document, unpacked, with simdjson's padding behind it.
std::string read_document(const std::string& path) {
  warpshard::io::ByteSource source(warpshard::io::open_file(path, {}));
  std::string text;
  std::size_t size = 0;
  do {
    text.resize(size + (std::size_t{1} << 24) + simdjson::SIMDJSON_PADDING);
    const std::size_t count = source.read(text.data() + size, std::size_t{1} << 24);
    if (count == 0) break;
    size += count;
  } while (true);
  text.resize(size);
  text.reserve(size + simdjson::SIMDJSON_PADDING);
  return text;
}

struct Walk {
  std::uint64_t sum = 0;  ///< modulo 2^64
  std::int64_t numbers = 0;

  void value(simdjson::ondemand::value item) {
    switch (item.type().value()) {
      case simdjson::ondemand::json_type::array:
        for (auto element : item.get_array()) value(element.value());
        break;
      case simdjson::ondemand::json_type::object:
        for (auto field : item.get_object()) value(field.value().value());
        break;
      case simdjson::ondemand::json_type::number:
        sum += static_cast<std::uint64_t>(item.get_int64().value());
        ++numbers;
        break;
      default:
        break;
    }
  }
};

Walk walk(simdjson::ondemand::parser& parser, const std::string& text) {
  auto document = parser.iterate(text.data(), text.size(), text.capacity());
  Walk result;
  for (auto field : document.get_object()) result.value(field.value().value());
  return result;
}

/// Peak memory in bytes of a child that loads the file and does nothing else; 0 if it fails.
std::int64_t peak_of_loading(const std::string& path) {
  const pid_t child = fork();
  if (child == 0) _exit(warpshard::load_problem(path).ok() ? 0 : 1);
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) return 0;
  return std::int64_t{usage.ru_maxrss} * 1024;
}

struct Times {
  std::vector<double> seconds;
  double best() const { return *std::ranges::min_element(seconds); }
  double median() {
    std::ranges::sort(seconds);
    return seconds[seconds.size() / 2];
  }
};

int measure(const std::string& path, int repeats) {
  const std::int64_t peak = peak_of_loading(path);  // first, while this process is small
  if (peak == 0) {
    std::fprintf(stderr, "%s\n", warpshard::load_problem(path).error().message.c_str());
    return 2;
  }
  const std::string text = read_document(path);
  Times walks;
  Times loads;
  Walk walked;
  simdjson::ondemand::parser parser;  // keeps its memory, so only the first walk allocates
  for (int run = 0; run < repeats; ++run) {
    auto start = Clock::now();
    walked = walk(parser, text);
    walks.seconds.push_back(seconds_since(start));
    start = Clock::now();
    if (!warpshard::load_problem(path)) return 2;
    loads.seconds.push_back(seconds_since(start));
  }
  const double megabyte = 1e6;
  const auto size = static_cast<double>(text.size());
  std::printf("document     %10.1f MB, %lld numbers (sum %016llx)\n", size / megabyte,
              static_cast<long long>(walked.numbers), static_cast<unsigned long long>(walked.sum));
  std::printf("walk         %10.4f s best, %.4f s median\n", walks.best(), walks.median());
  std::printf("load         %10.4f s best, %.4f s median\n", loads.best(), loads.median());
  std::printf("load / walk  %10.2f   best, %.2f   median\n", loads.best() / walks.best(),
              loads.median() / walks.median());
  std::printf("peak memory  %10.1f MB, %.2f of the document\n",
              static_cast<double>(peak) / megabyte, static_cast<double>(peak) / size);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fprintf(stderr, "usage: %s FILE [REPEATS]\n", argv[0]);
    return 2;
  }
  try {
    return measure(argv[1], argc > 2 ? std::max(1, std::atoi(argv[2])) : 5);
  } catch (const warpshard::io::Failure& failure) {
    std::fprintf(stderr, "%s: %s\n", argv[1], failure.message.c_str());
  } catch (const simdjson::simdjson_error& error) {
    std::fprintf(stderr, "%s: %s\n", argv[1], error.what());
  }
  return 2;
}
