// Runs a fuzz target over the files of a folder, then over inputs drawn at random: for compilers
// without libFuzzer, and for ctest.
//   fuzz_NAME_replay FOLDER RANDOM_INPUTS

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

int g_random_input = -1;  // NOLINT(readability-identifier-naming)

/// Says which random input failed.
void on_abort(int /*signal*/) {
  if (g_random_input >= 0) std::fprintf(stderr, "random input %d\n", g_random_input);
}

void run(const std::vector<std::uint8_t>& bytes) {
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

int run_folder(const char* folder) {
  int inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::fprintf(stderr, "%s\n", entry.path().c_str());  // the last one is the one that failed
    std::ifstream file(entry.path(), std::ios::binary);
    run({std::istreambuf_iterator<char>(file), {}});
    ++inputs;
  }
  return inputs;
}

void run_random(int inputs) {
  constexpr std::size_t kLongest = 400;
  for (int input = 0; input < inputs; ++input) {
    std::mt19937_64 random(static_cast<std::uint64_t>(input));
    g_random_input = input;
    std::vector<std::uint8_t> bytes(random() % kLongest);
    // Most targets take high bytes for rare cases.
    const std::uint64_t most = input % 2 == 0 ? 256 : 200;
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % most);
    run(bytes);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  std::signal(SIGABRT, on_abort);
  const int inputs = run_folder(argv[1]);
  const int random_inputs = std::atoi(argv[2]);
  run_random(random_inputs);
  std::printf("%d files, %d random inputs\n", inputs, random_inputs);
  return inputs > 0 ? 0 : 1;
}
