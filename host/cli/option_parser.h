#pragma once

// What headers need of CLI11, whose own take seconds to compile.
namespace CLI {
class App;
class Option;
class Validator;
}  // namespace CLI
