#include "tests/ptx/kernel_resources.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <regex>
#include <stdexcept>

#include "tests/ptx/launches.h"

namespace warpshard::ptx {
namespace {

std::string output_of(const std::string& command) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  if (!pipe) throw std::runtime_error("cannot run " + command);
  std::string output;
  std::array<char, 4096> buffer{};
  for (std::size_t read = 0; (read = fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;)
    output.append(buffer.data(), read);
  return output;
}

/// The module that holds an entry.
std::string file_with(const std::string& entry) {
  for (const auto& file : std::filesystem::directory_iterator(WARPSHARD_PTX_FOLDER)) {
    if (file.path().extension() != ".ptx") continue;
    std::ifstream stream(file.path());
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    if (text.find(".entry " + entry) != std::string::npos) return file.path();
  }
  throw std::runtime_error("no module holds " + entry);
}

int number_in(const std::string& text, const std::string& pattern) {
  std::smatch match;
  if (!std::regex_search(text, match, std::regex(pattern)))
    throw std::runtime_error("ptxas says: " + text);
  return std::stoi(match[1]);
}

}  // namespace

KernelResources annealing_resources(const std::string& architecture) {
  const std::string& name = annealing_kernel().name;
  const std::string said =
      output_of("'" WARPSHARD_NVCC "' -cubin -arch=" + architecture +
                " -Xptxas -v,--entry=" + name + " '" + file_with(name) + "' -o /dev/null 2>&1");
  return {number_in(said, "Used ([0-9]+) registers"),
          number_in(said, "([0-9]+) bytes spill stores"),
          number_in(said, "([0-9]+) bytes spill loads")};
}

}  // namespace warpshard::ptx
