// The annealing kernel as PTX on a generated instance of the contest's size: that it does what the
// CPU does, and that it does not come to need more.

#include <gtest/gtest.h>

#include <array>

#include "host/model/flat_model.h"
#include "host/reduce/reducer.h"
#include "tests/ptx/annealing_probe.h"
#include "tests/ptx/kernel_resources.h"
#include "warpshard/generate.h"

namespace warpshard::ptx {
namespace {

/// Compilers differ in what they make of a kernel: ceilings are for this major version of CUDA.
constexpr bool kCeilingsApply = WARPSHARD_NVCC_MAJOR == 13;
constexpr const char* kNoCeilings = "ceilings are for CUDA 13";

/// Most that one visit may take on the H100 of architecture.h, a tenth above what it takes now.
struct VisitCeilings {
  double instructions = 0;   ///< of PTX
  double lines = 0;          ///< of global memory, 128 bytes each
  double missing_loads = 0;  ///< with a sector that is not in L1
  double syncs = 0;          ///< of a warp
};
constexpr VisitCeilings kVisit{185, 39.4, 2.22, 2.78};

/// Most that one thread may take: 64 registers let 32 warps share a multiprocessor. Spills of the
/// PTX for sm_80, a tenth above what they are now.
struct ThreadCeilings {
  const char* architecture = "";
  int registers = 0;
  int spilled_bytes = 0;  ///< stores and loads
};
constexpr std::array<ThreadCeilings, 3> kThread{
    {{"sm_80", 64, 453}, {"sm_90", 64, 224}, {"sm_100", 64, 260}}};

/// Chains grow one tree at a time, which the 32 of a block then visit: some 1,800 variables. Twice
/// that many visits more, so that growing is counted once.
constexpr std::int32_t kRooms = 1;
constexpr std::int64_t kVisits = 900;

/// Reduced: some thousands of variables.
const Model& generated_model() {
  static const Model model = [] {
    GeneratorOptions options;
    options.target_nodes = 35'000;
    options.mesh = {16, 2};
    const auto problem = generate(options);
    EXPECT_TRUE(problem.ok());
    auto reducer = Reducer::create(*problem, {});
    EXPECT_EQ(reducer->run(), ReductionVerdict::kOpen);
    return reducer->model();
  }();
  return model;
}

class PtxAnnealing : public ::testing::Test {
 protected:
  FlatModel flat_{generated_model()};
  AnnealingProbe probe_{flat_, kRooms};
};

TEST_F(PtxAnnealing, EveryChainAgreesBitForBitWithTheSerialGroup) {
  EXPECT_EQ(probe_.difference(2 * kVisits), "");
}

TEST_F(PtxAnnealing, AVisitStaysBelowItsCeilings) {
  if (!kCeilingsApply) GTEST_SKIP() << kNoCeilings;
  const Counts visit = probe_.measure(architectures()[1], kVisits).per_visit;
  // Nothing was counted if the kernel had another name.
  EXPECT_GT(visit.instructions, 10);
  EXPECT_GT(visit.lines, 1);
  EXPECT_LE(visit.instructions, kVisit.instructions);
  EXPECT_LE(visit.lines, kVisit.lines);
  EXPECT_LE(visit.missing_loads, kVisit.missing_loads);
  EXPECT_LE(visit.syncs, kVisit.syncs);
}

TEST(PtxResources, AThreadStaysBelowItsCeilings) {
  if (!kCeilingsApply) GTEST_SKIP() << kNoCeilings;
  for (const ThreadCeilings& ceilings : kThread) {
    SCOPED_TRACE(ceilings.architecture);
    const KernelResources needed = annealing_resources(ceilings.architecture);
    EXPECT_GT(needed.registers, 0);
    EXPECT_LE(needed.registers, ceilings.registers);
    EXPECT_LE(needed.spill_stores + needed.spill_loads, ceilings.spilled_bytes);
  }
}

}  // namespace
}  // namespace warpshard::ptx
