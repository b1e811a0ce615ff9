#include "host/portfolio/checkpoint.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "host/io/hash.h"
#include "host/portfolio/search_archive.h"

namespace warpshard {
namespace {

constexpr std::string_view kMagic = "warpshard checkpoint\n";
/// Goes up with every change to what is transferred, or to what a search does with it.
constexpr std::uint32_t kVersion = 10;

template <typename T>
std::uint64_t hash_of(const std::vector<T>& values) {
  return io::hash_bytes(values.data(), values.size() * sizeof(T));
}

std::uint64_t hash_of(const std::string& text) {
  return io::hash_bytes(text.data(), text.size());
}

std::uint64_t hash_of_problem(const Problem& problem) {
  const auto limit = problem.usage_limit;
  return hash_of(std::vector<std::uint64_t>{
      hash_of(problem.strategy_offsets), hash_of(problem.costs), hash_of(problem.usages),
      hash_of(problem.intervals), hash_of(problem.edge_offsets), hash_of(problem.edge_nodes),
      hash_of(problem.edge_tables), hash_of(problem.table_offsets), hash_of(problem.entries),
      limit ? 1U : 0U, static_cast<std::uint64_t>(limit.value_or(0))});
}

/// What a run's course depends on beside the work it may do.
struct Origin {
  Origin() = default;
  Origin(const Problem& of_problem, const SolverOptions& options)
      : problem(hash_of_problem(of_problem)),
        seed(options.seed),
        parameters(hash_of(format_parameters(options.parameters))),
        start(hash_of(std::vector<std::uint64_t>{
            hash_of(options.initial_plan), hash_of(options.hint), hash_of(options.prices),
            // A hint is completed in a share of the work.
            options.hint.empty() ? 0U : static_cast<std::uint64_t>(options.work_limit)})) {}

  void transfer(Archive& archive) { archive(problem, seed, parameters, start); }

  std::uint64_t problem = 0;
  std::uint64_t seed = 0;
  std::uint64_t parameters = 0;
  std::uint64_t start = 0;
};

/// What comes before the state.
struct Header {
  void transfer(Archive& archive) { archive(magic, version, size, checksum); }

  std::array<char, kMagic.size()> magic{};
  std::uint32_t version = kVersion;
  std::uint64_t size = 0;  ///< of the rest, bytes
  std::uint64_t checksum = 0;
};

/// The bytes after the header.
Result<std::span<const std::byte>> checked_state(std::span<const std::byte> bytes) {
  Archive archive(bytes);
  Header header;
  archive(header.magic);
  if (!std::ranges::equal(header.magic, kMagic)) return Error{"it is no checkpoint"};
  archive(header.version);
  if (header.version != kVersion)
    return Error{"it is of another version: " + std::to_string(header.version) + ", not " +
                 std::to_string(kVersion)};
  archive(header.size, header.checksum);
  const auto state = archive.rest();
  if (state.size() != header.size || io::hash_bytes(state.data(), state.size()) != header.checksum)
    return Error{"it is damaged"};
  return state;
}

std::optional<Error> compare(const Origin& its, const Origin& ours) {
  if (its.problem != ours.problem) return Error{"it is of another instance"};
  if (its.seed != ours.seed)
    return Error{"it is of seed " + std::to_string(its.seed) + ", not " +
                 std::to_string(ours.seed)};
  if (its.parameters != ours.parameters) return Error{"it is of other parameters"};
  if (its.start != ours.start) return Error{"it is of another plan, hint or prices to begin with"};
  return std::nullopt;
}

}  // namespace

std::vector<std::byte> write_checkpoint(const Problem& problem, const SolverOptions& options,
                                        Portfolio& portfolio) {
  SearchArchive archive(problem);
  Header header;
  std::ranges::copy(kMagic, header.magic.begin());
  archive(header);
  const std::size_t begin = archive.bytes().size();
  Origin origin(problem, options);
  archive(origin);
  portfolio.transfer(archive);
  const auto state = std::span(archive.bytes()).subspan(begin);
  header.size = state.size();
  header.checksum = io::hash_bytes(state.data(), state.size());
  Archive complete;
  complete(header);
  archive.begin_with(complete);
  return archive.take();
}

std::optional<Error> read_checkpoint(std::span<const std::byte> bytes, const Problem& problem,
                                     const SolverOptions& options, int threads,
                                     const StopToken& stop, Portfolio& portfolio) {
  try {
    const auto checked = checked_state(bytes);
    if (!checked) return checked.error();
    SearchArchive state(*checked, problem, threads, stop);
    Origin origin;
    state(origin);
    if (auto error = compare(origin, Origin(problem, options))) return error;
    portfolio.transfer(state);
    if (!state.at_end()) return Error{"it goes on after its end"};
  } catch (const ArchiveError& error) {
    return Error{error.what()};
  }
  return std::nullopt;
}

}  // namespace warpshard
