// Prints how branch and bound raises the bound of an instance on one thread, from an ascent of
// ROUNDS rounds that is kept in STATE for the next run:
// tree_progress FILE SECONDS INCUMBENT ROUNDS STATE.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

#include "host/bound/branch_and_bound.h"
#include "host/bound/dual_ascent.h"
#include "host/bound/prover.h"
#include "host/model/archive.h"
#include "host/reduce/reduction.h"
#include "warpshard/load.h"

namespace {

using namespace warpshard;

/// CPU time of this process: comparable between runs on a machine that others use too.
double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

std::optional<AscentState> read_state(const char* path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
  Archive archive(std::as_bytes(std::span(bytes)));
  AscentState state;
  archive(state);
  return state;
}

void write_state(const char* path, AscentState& state) {
  Archive archive;
  archive(state);
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(archive.bytes().data()), std::ssize(archive.bytes()));
}

AscentState ascend(const Model& model, Int128 incumbent, std::int64_t rounds) {
  const FlatModel flat(model);
  DualOptions options;
  options.smooth = true;
  DualAscent ascent(model, flat, options);
  ascent.set_incumbent(incumbent);
  ascent.run_rounds(rounds);
  std::printf("# ascent: %.2f s, bound %.6e\n", cpu_seconds(), ascent.bound());
  return {model, flat, ascent};
}

void grow(BranchAndBound& tree, Int128 incumbent, double seconds) {
  const double start = cpu_seconds();
  std::optional<Int128> last;
  std::int64_t work = 0;
  while (cpu_seconds() - start < seconds) {
    auto task = tree.take();
    if (!task) break;
    BranchResult result = tree.expand(std::move(*task), {});
    work += result.work;
    tree.finish(std::move(result), {});
    const auto bound = tree.bound();
    if (!bound || bound == last) continue;
    last = bound;
    std::printf("%8.2f s %6ld nodes %5ld open  work %.3e  bound %s gap %.4f%%\n",
                cpu_seconds() - start, static_cast<long>(tree.num_nodes()),
                static_cast<long>(tree.num_open()), static_cast<double>(work),
                to_string(*bound).c_str(),
                100 * static_cast<double>(incumbent - *bound) / static_cast<double>(incumbent));
    std::fflush(stdout);
  }
  std::printf("%s, %.2f s, %ld nodes\n", tree.closed() ? "closed" : "open", cpu_seconds() - start,
              static_cast<long>(tree.num_nodes()));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    std::fprintf(stderr, "usage: tree_progress FILE SECONDS INCUMBENT ROUNDS STATE\n");
    return 2;
  }
  const auto problem = load_problem(argv[1]);
  if (!problem) {
    std::fprintf(stderr, "%s\n", problem.error().message.c_str());
    return 1;
  }
  auto reduction = reduce_problem(*problem);
  if (!reduction || reduction->verdict != ReductionVerdict::kOpen) return 1;
  const Model model = reduction->reducer.model();
  const Int128 incumbent = std::atoll(argv[3]);
  auto state = read_state(argv[5]);
  if (!state) {
    state = ascend(model, incumbent, std::atoll(argv[4]));
    write_state(argv[5], *state);
  }
  BranchOptions options;
  options.root_rounds = 100;
  options.staged = model.num_variables() > kSmallModel;
  BranchAndBound tree(model, options, *std::move(state));
  tree.set_incumbent(incumbent);
  grow(tree, incumbent, std::atof(argv[2]));
  return 0;
}
