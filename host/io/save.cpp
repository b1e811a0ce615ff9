#include "warpshard/save.h"

#include <cerrno>
#include <span>

#include "host/io/text_writer.h"

namespace warpshard {

std::optional<Error> save_problem(const Problem& problem, const std::string& path) {
  errno = 0;
  io::TextWriter out(path);
  out.text("{\"problem\":{\"name\":");
  out.quoted(problem.name);
  if (problem.usage_limit) {
    out.text(",\n\"usage_limit\":");
    out.number(*problem.usage_limit);
  }
  const auto node = [](std::int64_t index) { return static_cast<std::int32_t>(index); };
  out.text(",\n\"nodes\":{");
  out.array("\"intervals\"", problem.num_nodes(), [&](std::int64_t i) {
    const std::int64_t ends[] = {problem.intervals[i].lower, problem.intervals[i].upper};
    out.list<std::int64_t>(ends);
  });
  out.array(",\n\"costs\"", problem.num_nodes(),
            [&](std::int64_t i) { out.list(problem.node_costs(node(i))); });
  out.array(",\n\"usages\"", problem.num_nodes(),
            [&](std::int64_t i) { out.list(problem.node_usages(node(i))); });
  out.text("},\n\"edges\":{");
  out.array("\"nodes\"", problem.num_edges(),
            [&](std::int64_t i) { out.list(problem.nodes_of_edge(i)); });
  out.array(",\n\"costs\"", problem.num_edges(),
            [&](std::int64_t i) { out.list(problem.table_of_edge(i)); });
  out.text("}}}\n");
  return out.finish();
}

}  // namespace warpshard
