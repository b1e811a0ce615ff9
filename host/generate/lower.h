#pragma once

#include "host/generate/graph.h"
#include "host/generate/mesh.h"
#include "warpshard/problem.h"

namespace warpshard::generator {

/// The sharding problem of a graph on a mesh, without name and limit: costs in picoseconds, usages
/// in bytes per device, an agreement table where a node is tied and a resharding table where it
/// reads another leader's tensor.
Problem lower(const Graph& graph, const Mesh& mesh);

}  // namespace warpshard::generator
