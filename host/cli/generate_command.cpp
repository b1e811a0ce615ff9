#include "warpshard/generate.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "host/cli/command_line.h"
#include "host/cli/commands.h"
#include "host/cli/escape.h"
#include "host/cli/exit_codes.h"
#include "warpshard/save.h"

namespace warpshard::cli {
namespace {

struct GenerateOptions {
  std::string file;
  std::string mesh = "4x8";
  std::string coupling = "follow";
  GeneratorOptions generator;
};

int generate_file(GenerateOptions options) {
  using generator::Coupling;
  const std::map<std::string, Coupling> couplings{
      {"free", Coupling::kFree}, {"follow", Coupling::kFollow}, {"chain", Coupling::kChain}};
  options.generator.coupling = couplings.at(options.coupling);
  const auto mesh = parse_mesh(options.mesh);
  if (!mesh) return report_failure(kExitUsage, mesh.error().message);
  options.generator.mesh = *mesh;

  const auto problem = generate(options.generator);
  if (!problem) return report_failure(kExitUsage, problem.error().message);
  if (const auto error = save_problem(*problem, options.file))
    return report_failure(kExitInternal, error->message);
  std::printf("%s: %s, %d nodes, %lld edges, limit %lld\n", escaped(options.file).c_str(),
              problem->name.c_str(), problem->num_nodes(),
              static_cast<long long>(problem->num_edges()),
              static_cast<long long>(problem->usage_limit.value_or(0)));
  return kExitSuccess;
}

void add_model_options(CLI::App& command, GeneratorOptions& options) {
  const auto add = [&command](const char* name, std::int64_t& value, const char* meaning) {
    command.add_option(name, value, meaning)->capture_default_str()->type_name("N");
  };
  add("--nodes", options.target_nodes, "exact number of nodes; 0: what --layers gives");
  command.add_option("--layers", options.layers, "layers of the transformer; without --nodes")
      ->capture_default_str()
      ->type_name("N");
  add("--batch", options.batch, "sequences per training step");
  add("--sequence", options.sequence, "tokens per sequence");
  add("--hidden", options.hidden, "width of the stack; a multiple of --heads");
  add("--heads", options.heads, "attention heads of the widest layers");
  add("--vocabulary", options.vocabulary, "different tokens");
  command.add_option("--limit-factor", options.limit_factor, "limit over the smallest peak found")
      ->capture_default_str()
      ->type_name("X");
  command.add_option("--seed", options.seed, "draws layer widths and variants of the architecture")
      ->capture_default_str()
      ->type_name("N");
}

}  // namespace

void add_generate_command(CLI::App& app, Command& selected) {
  const auto options = std::make_shared<GenerateOptions>();
  auto* command =
      app.add_subcommand("generate", "write an instance: a transformer's training step on a mesh");
  command->add_option("FILE", options->file, "instance to write; gzipped if it ends in .gz")
      ->required()
      ->type_name("");
  command->add_option("--mesh", options->mesh, "devices along each of 1 to 3 axes, such as 4x8")
      ->capture_default_str()
      ->type_name("AxB");
  command
      ->add_option("--coupling", options->coupling,
                   "how closely operations have to agree: free, follow or chain")
      ->capture_default_str()
      ->check(CLI::IsMember({"free", "follow", "chain"}).description(""))
      ->type_name("NAME");
  add_model_options(*command, options->generator);
  command->callback(
      [&selected, options] { selected = [options] { return generate_file(*options); }; });
}

}  // namespace warpshard::cli
