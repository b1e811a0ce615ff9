#include "tests/ptx/launches.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/cuda/emulated_cuda.h"
#include "tests/ptx/grid.h"

namespace warpshard::ptx {
namespace {

using testing::emulated::Launch;

std::vector<std::byte> packed(const Kernel& kernel, const Launch& launch) {
  if (launch.parameters.size() != kernel.parameter_offsets.size())
    throw std::runtime_error("another number of arguments than in PTX");
  std::vector<std::byte> bytes(static_cast<std::size_t>(kernel.parameter_bytes));
  for (std::size_t k = 0; k < launch.parameters.size(); ++k) {
    const auto parameter = launch.parameters[k];
    const auto at = static_cast<std::size_t>(kernel.parameter_offsets[k]);
    const std::size_t end = k + 1 < kernel.parameter_offsets.size()
                                ? static_cast<std::size_t>(kernel.parameter_offsets[k + 1])
                                : bytes.size();
    if (at + parameter.size() > end)
      throw std::runtime_error("an argument is larger here than in PTX");
    std::memcpy(bytes.data() + at, parameter.data(), parameter.size());
  }
  return bytes;
}

void run(const Launch& launch, const ChooseMonitor& choose) {
  const Kernel& kernel = project_kernels().find(launch.signature);
  const std::vector<std::byte> parameters = packed(kernel, launch);
  Monitor nobody;
  const GridShape shape{static_cast<std::int32_t>(launch.config.gridDim.x),
                        static_cast<std::int32_t>(launch.config.blockDim.x),
                        static_cast<std::int64_t>(launch.config.dynamicSmemBytes)};
  Monitor* const chosen = choose ? choose(kernel, shape) : nullptr;
  run_grid(kernel, shape, parameters, chosen != nullptr ? *chosen : nobody);
}

}  // namespace

KernelLibrary& project_kernels() {
  static KernelLibrary library = [] {
    KernelLibrary read;
    for (const auto& file : std::filesystem::directory_iterator(WARPSHARD_PTX_FOLDER)) {
      if (file.path().extension() != ".ptx") continue;
      std::ifstream stream(file.path());
      read.add(std::string(std::istreambuf_iterator<char>(stream), {}));
    }
    return read;
  }();
  return library;
}

const Kernel& annealing_kernel() {
  const Kernel* const kernel = project_kernels().find_named("Anneal>");
  if (kernel == nullptr) throw std::runtime_error("there is no annealing kernel");
  return *kernel;
}

void interpret_launches(ChooseMonitor choose) {
  testing::emulated::set_executor(
      [choose = std::move(choose)](const Launch& launch) { run(launch, choose); });
}

}  // namespace warpshard::ptx
