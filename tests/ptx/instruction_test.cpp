// What single instructions compute, by values worked out by hand from the PTX ISA.

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/ptx/snippet.h"

namespace warpshard::ptx {
namespace {

std::uint64_t bits(float value) {
  return std::bit_cast<std::uint32_t>(value);
}
std::uint64_t bits(double value) {
  return std::bit_cast<std::uint64_t>(value);
}
std::uint64_t bits(std::int32_t value) {
  return static_cast<std::uint32_t>(value);
}

/// Of an instruction on %r1 and %r2 into %r4.
std::uint64_t word(const std::string& instruction, std::uint64_t a, std::uint64_t b = 0) {
  return result_of(instruction + "; cvt.u64.u32 %rd3, %r4;", a, b);
}
/// Of one on %f1 and %f2 into %f4.
std::uint64_t real(const std::string& instruction, float a, float b = 0) {
  return result_of("mov.b32 %f1, %r1; mov.b32 %f2, %r2; " + instruction +
                       "; mov.b32 %r4, %f4; cvt.u64.u32 %rd3, %r4;",
                   bits(a), bits(b));
}
/// Of one that sets %p4.
bool holds_for(const std::string& instruction, std::uint64_t a, std::uint64_t b) {
  return result_of(
             "mov.b32 %f1, %r1; mov.b32 %f2, %r2; " + instruction + "; selp.u64 %rd3, 1, 0, %p4;",
             a, b) != 0;
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TEST(Instruction, IntegerSumsAndProductsWrap) {
  EXPECT_EQ(word("add.s32 %r4, %r1, %r2", bits(std::numeric_limits<std::int32_t>::max()), 1),
            0x80000000U);
  EXPECT_EQ(word("sub.u32 %r4, %r1, %r2", 3, 5), 0xFFFFFFFEU);
  EXPECT_EQ(word("add.s32 %r4, %r1, -1", 0), 0xFFFFFFFFU);
  EXPECT_EQ(word("mul.lo.s32 %r4, %r1, %r2", 0x10001, 0x10001), 0x20001U);
  EXPECT_EQ(word("mul.hi.u32 %r4, %r1, %r2", 0xFFFFFFFF, 0xFFFFFFFF), 0xFFFFFFFEU);
  EXPECT_EQ(word("mul.hi.s32 %r4, %r1, %r2", bits(-1), bits(-1)), 0U);
  EXPECT_EQ(word("mad.lo.s32 %r4, %r1, %r2, -7", bits(-3), 5), bits(-22));
  EXPECT_EQ(result_of("mul.hi.u64 %rd3, %rd1, %rd2;", ~0ULL, ~0ULL), ~1ULL);
  EXPECT_EQ(result_of("mul.lo.s64 %rd3, %rd1, -3;", 1ULL << 62), 0x4000000000000000ULL);
  EXPECT_EQ(result_of("mul.wide.s32 %rd3, %r1, -4;", bits(3)), static_cast<std::uint64_t>(-12));
  EXPECT_EQ(result_of("mul.wide.u32 %rd3, %r1, %r2;", 0xFFFFFFFF, 2), 0x1FFFFFFFEULL);
}

TEST(Instruction, DividesTowardsZero) {
  EXPECT_EQ(word("div.s32 %r4, %r1, %r2", bits(-7), 2), bits(-3));
  EXPECT_EQ(word("rem.s32 %r4, %r1, %r2", bits(-7), 2), bits(-1));
  EXPECT_EQ(word("div.u32 %r4, %r1, %r2", bits(-7), 2), 0x7FFFFFFCU);
}

TEST(Instruction, OrdersBySignAndByNumber) {
  EXPECT_EQ(word("min.s32 %r4, %r1, %r2", bits(-1), 1), bits(-1));
  EXPECT_EQ(word("min.u32 %r4, %r1, %r2", bits(-1), 1), 1U);
  EXPECT_EQ(word("max.s32 %r4, %r1, %r2", bits(-1), 1), 1U);
  EXPECT_EQ(real("min.f32 %f4, %f1, %f2", kNan, 2), bits(2.0F));
  EXPECT_EQ(real("max.f32 %f4, %f1, %f2", 2, kNan), bits(2.0F));
  EXPECT_EQ(real("min.f32 %f4, %f1, %f2", 0.0F, -0.0F), bits(-0.0F));
  EXPECT_EQ(real("max.f32 %f4, %f1, %f2", -0.0F, 0.0F), bits(0.0F));
  EXPECT_EQ(word("neg.s32 %r4, %r1", 5), bits(-5));
  EXPECT_EQ(word("abs.s32 %r4, %r1", bits(-5)), 5U);
  EXPECT_EQ(real("abs.f32 %f4, %f1", -5), bits(5.0F));
}

TEST(Instruction, FloatsRoundAsOnTheHost) {
  const float third = 1.0F / 3.0F;
  EXPECT_EQ(real("add.rn.f32 %f4, %f1, %f2", third, 1e-8F), bits(third + 1e-8F));
  EXPECT_EQ(real("mul.rn.f32 %f4, %f1, %f2", third, third), bits(third * third));
  EXPECT_EQ(real("div.rn.f32 %f4, %f1, %f2", 1, 3), bits(third));
  EXPECT_EQ(real("rcp.rn.f32 %f4, %f1", 3), bits(third));
  // One rounding: the square of 1 + 2^-12 has a bit that a float lacks.
  const float x = 1 + 0x1p-12F;
  EXPECT_EQ(real("mov.f32 %f5, 0fBF800000; fma.rn.f32 %f4, %f1, %f1, %f5", x),
            bits(0x1p-11F + 0x1p-24F));
  EXPECT_EQ(result_of("mov.b64 %fd1, %rd1; add.rn.f64 %fd2, %fd1, 0d3FF0000000000000;"
                      "mov.b64 %rd3, %fd2;",
                      bits(0.1)),
            bits(0.1 + 1.0));
}

TEST(Instruction, ComparesAlsoWhatIsNotANumber) {
  EXPECT_TRUE(holds_for("setp.lt.s32 %p4, %r1, %r2", bits(-1), 0));
  EXPECT_FALSE(holds_for("setp.lt.u32 %p4, %r1, %r2", bits(-1), 0));
  EXPECT_TRUE(holds_for("setp.gt.u32 %p4, %r1, %r2", bits(-1), 0));
  EXPECT_TRUE(holds_for("setp.eq.s64 %p4, %rd1, -1", ~0ULL, 0));
  EXPECT_FALSE(holds_for("setp.ne.f32 %p4, %f1, %f2", bits(kNan), bits(1.0F)));
  EXPECT_TRUE(holds_for("setp.neu.f32 %p4, %f1, %f2", bits(kNan), bits(1.0F)));
  EXPECT_FALSE(holds_for("setp.geu.f32 %p4, %f1, %f2", bits(0.5F), bits(1.0F)));
  EXPECT_TRUE(
      holds_for("setp.eq.s32 %p5, %r1, 1; setp.eq.s32 %p6, %r2, 3; xor.pred %p4, %p5, %p6", 1, 2));
  EXPECT_TRUE(holds_for("setp.eq.s32 %p5, %r1, 1; not.pred %p4, %p5", 2, 0));
}

TEST(Instruction, ShiftsPastTheWidthLeaveNothing) {
  EXPECT_EQ(word("shl.b32 %r4, %r1, 32", 1), 0U);
  EXPECT_EQ(word("shr.u32 %r4, %r1, 33", ~0U), 0U);
  EXPECT_EQ(word("shr.s32 %r4, %r1, 40", bits(-8)), bits(-1));
  const auto half = [](const std::string& shift, std::uint64_t value) {
    return word("cvt.u16.u32 %rs1, %r1; " + shift + " %rs2, %rs1, 8; cvt.u32.u16 %r4, %rs2", value);
  };
  EXPECT_EQ(half("shr.u16", 0xFF12), 0xFFU);
  EXPECT_EQ(half("shr.s16", 0xFF12), 0xFFFFU);
  EXPECT_EQ(half("shl.b16", 0xFF12), 0x1200U);
  EXPECT_EQ(result_of("shr.s64 %rd3, %rd1, 1;", static_cast<std::uint64_t>(-8)),
            static_cast<std::uint64_t>(-4));
  EXPECT_EQ(result_of("shl.b64 %rd3, %rd1, 63;", 3), 1ULL << 63);
}

TEST(Instruction, HandlesBits) {
  EXPECT_EQ(word("shf.r.wrap.b32 %r4, %r1, 0x12345678, 40", 0x9ABCDEF0), 0x789ABCDEU);
  EXPECT_EQ(word("shf.l.wrap.b32 %r4, %r1, 0x12345678, 40", 0x9ABCDEF0), 0x3456789AU);
  EXPECT_EQ(word("popc.b32 %r4, %r1", 0xF0F), 8U);
  EXPECT_EQ(word("popc.b64 %r4, %rd1", 0xF0000000F), 8U);
  EXPECT_EQ(word("bfi.b32 %r4, %r1, %r2, 1, 5", 0xFF, 0), 0x3EU);
  EXPECT_EQ(result_of("bfi.b64 %rd3, %rd1, %rd2, 32, 32;", 7, 0x500000009ULL), 0x700000009ULL);
  EXPECT_EQ(result_of("bfi.b64 %rd3, %rd1, %rd2, 60, 64;", 0x35, 1), (5ULL << 60) + 1);
  EXPECT_EQ(word("not.b32 %r4, %r1", 5), ~5U);
}

TEST(Instruction, ConvertsBySignAndRounding) {
  EXPECT_EQ(result_of("cvt.s64.s32 %rd3, %r1;", bits(-2)), static_cast<std::uint64_t>(-2));
  EXPECT_EQ(result_of("cvt.u64.u32 %rd3, %r1;", bits(-2)), 0xFFFFFFFEU);
  EXPECT_EQ(word("cvt.u16.u32 %rs4, %r1; cvt.u32.u16 %r4, %rs4", 0x18000), 0x8000U);
  EXPECT_EQ(real("cvt.rn.f32.s32 %f4, %r1", std::bit_cast<float>(16777217)), bits(16777216.0F));
  EXPECT_EQ(real("cvt.rzi.s32.f32 %r5, %f1; mov.b32 %f4, %r5", -2.7F), bits(-2));
  EXPECT_EQ(real("cvt.rmi.f32.f32 %f4, %f1", -2.2F), bits(-3.0F));
  EXPECT_EQ(real("cvt.rni.f32.f32 %f4, %f1", 2.5F), bits(2.0F));
  EXPECT_EQ(real("cvt.rzi.s32.f32 %r5, %f1; mov.b32 %f4, %r5", 3e9F),
            bits(std::numeric_limits<std::int32_t>::max()));
  EXPECT_EQ(real("cvt.rzi.u32.f32 %r5, %f1; mov.b32 %f4, %r5", -1), 0U);
  EXPECT_EQ(real("cvt.rzi.s32.f32 %r5, %f1; mov.b32 %f4, %r5", kNan), 0U);
}

TEST(Instruction, PacksAndUnpacks) {
  EXPECT_EQ(result_of("mov.b64 %rd3, {%r1, %r2};", 1, 2), 0x200000001ULL);
  EXPECT_EQ(result_of("mov.b64 {%r4, %r5}, %rd1; cvt.u64.u32 %rd3, %r5;", 0x500000007ULL), 5U);
  EXPECT_EQ(word("mov.b32 {%rs4, %rs5}, %r1; mov.b32 %r4, {%rs5, %rs4}", 0x12345678), 0x56781234U);
}

/// Names of inline assembly need no percent sign, and its scopes may follow each other.
TEST(Instruction, ScopesOfInlineAssembly) {
  EXPECT_EQ(result_of("{ .reg .u32 lo; .reg .u32 hi; mov.b64 {lo, hi}, %rd1; "
                      "mov.b64 %rd3, {hi, lo}; }\n// a note; with a semicolon\n"
                      "{ .reg .u32 lo; mov.u32 lo, 1; }",
                      0x100000002ULL),
            0x200000001ULL);
}

TEST(Instruction, UnknownOnesAreRefusedWithTheirLine) {
  for (const char* text :
       {"add.sat.s32 %r4, %r1, %r2;", "tex.2d.v4.f32.f32 {%f1, %f2, %f3, %f4}, x;",
        "ex2.approx.f32 %f4, %f1;", "setp.lt.and.s32 %p4, %r1, %r2, %p1;", "bra $nowhere;",
        "add.s32 %r4, %r1, name;"}) {
    try {
      snippet(text);
      ADD_FAILURE() << text;
    } catch (const std::runtime_error& refusal) {
      EXPECT_NE(std::string(refusal.what()).find("line"), std::string::npos) << refusal.what();
    }
  }
}

}  // namespace
}  // namespace warpshard::ptx
