#include "tests/ptx/snippet.h"

#include <cstring>

#include "tests/ptx/parser.h"

namespace warpshard::ptx {
namespace {

struct Arguments {
  std::uint64_t* results;
  const std::uint64_t* a;
  const std::uint64_t* b;
};

std::vector<std::uint64_t> run(const Kernel& kernel, const GridShape& shape,
                               std::vector<std::uint64_t> a, std::vector<std::uint64_t> b,
                               Monitor& monitor) {
  const auto threads = static_cast<std::size_t>(shape.blocks * shape.threads_per_block);
  std::vector<std::uint64_t> results(threads, 0xABABABABABABABABU);
  a.resize(threads);
  b.resize(threads);
  const Arguments arguments{results.data(), a.data(), b.data()};
  std::vector<std::byte> bytes(sizeof(arguments));
  std::memcpy(bytes.data(), &arguments, sizeof(arguments));
  run_grid(kernel, shape, bytes, monitor);
  return results;
}

}  // namespace

Kernel snippet(const std::string& instructions, const std::string& directives) {
  return parse_only(R"(
.version 9.0
.target sm_80
.address_size 64
.visible .entry snippet(
    .param .u64 results, .param .u64 first,
    .param .u64 second)
.maxntid 1024, 1, 1
{
    .reg .pred %p<30>;
    .reg .b16 %rs<30>;
    .reg .b32 %r<40>;
    .reg .f32 %f<30>;
    .reg .b64 %rd<40>;
    .reg .f64 %fd<30>;
)" + directives + R"(
    ld.param.u64 %rd30, [results];
    ld.param.u64 %rd31, [first];
    ld.param.u64 %rd32, [second];
    mov.u32 %r30, %ctaid.x;
    mov.u32 %r31, %ntid.x;
    mov.u32 %r32, %tid.x;
    mad.lo.s32 %r33, %r30, %r31, %r32;
    mul.wide.u32 %rd33, %r33, 8;
    add.s64 %rd34, %rd31, %rd33;
    add.s64 %rd35, %rd32, %rd33;
    ld.global.u64 %rd1, [%rd34];
    ld.global.u64 %rd2, [%rd35];
    cvt.u32.u64 %r1, %rd1;
    cvt.u32.u64 %r2, %rd2;
    mov.u64 %rd3, 0;
)" + instructions + R"(
    add.s64 %rd36, %rd30, %rd33;
    st.global.u64 [%rd36], %rd3;
    ret;
}
)");
}

std::vector<std::uint64_t> run_snippet(const Kernel& kernel, const GridShape& shape,
                                       std::vector<std::uint64_t> a, std::vector<std::uint64_t> b) {
  Monitor nobody;
  return run(kernel, shape, std::move(a), std::move(b), nobody);
}

std::uint64_t result_of(const std::string& instructions, std::uint64_t a, std::uint64_t b) {
  return run_snippet(snippet(instructions), {}, std::vector<std::uint64_t>(kLanes, a),
                     std::vector<std::uint64_t>(kLanes, b))
      .back();
}

void watch_snippet(const Kernel& kernel, const GridShape& shape, Monitor& monitor) {
  run(kernel, shape, {}, {}, monitor);
}

}  // namespace warpshard::ptx
