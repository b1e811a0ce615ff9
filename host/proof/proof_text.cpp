#include "host/proof/proof_text.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "host/bound/branch_task.h"
#include "host/verify/proof_file.h"

namespace warpshard {
namespace {

class Writer {
 public:
  void word(std::string_view word) {
    if (!text_.empty() && text_.back() != '\n') text_ += ' ';
    text_ += word;
  }
  void number(std::int64_t value) {
    char digits[24];
    word({digits, std::to_chars(digits, digits + sizeof digits, value).ptr});
  }
  void cost(Int128 value) { word(to_string(value)); }
  void end_of_line() { text_ += '\n'; }

  void step(const ReductionTrace::Step& step) {
    using Kind = ReductionTrace::Kind;
    const char letter = static_cast<char>(step.kind);
    word({&letter, 1});
    if (step.kind == Kind::kTimes) {
      number(std::ssize(step.times));
      for (const std::int32_t time : step.times) number(time);
    } else {
      number(step.first);
      if (step.kind != Kind::kEliminate) number(step.second);
      if (step.kind == Kind::kDominated) number(step.third);
    }
    end_of_line();
  }

  void dual(std::string_view kind, const ProofNode::Step& step) {
    word(kind);
    cost(step.target);
    const verify::Dual& dual = step.dual;
    number(dual.price_shift);
    number(dual.message_shift);
    number(std::ssize(dual.prices) - std::ranges::count(dual.prices, 0));
    std::size_t next = 0;
    for (std::size_t t = 0; t < dual.prices.size(); ++t) {
      if (dual.prices[t] == 0) continue;
      number(static_cast<std::int64_t>(t - next));
      number(dual.prices[t]);
      next = t + 1;
    }
    end_of_line();
    for (const std::int64_t message : dual.messages) number(message);
    if (!dual.messages.empty()) end_of_line();
  }

  void line(std::string_view letter) {
    word(letter);
    end_of_line();
  }

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void write_tree(Writer& writer, const ProofNode& root) {
  std::vector<const ProofNode*> waiting{&root};
  while (!waiting.empty()) {
    const ProofNode& node = *waiting.back();
    waiting.pop_back();
    for (const auto& step : node.steps()) writer.dual("c", step);
    if (is_bounded(node)) continue;
    if (node.nothing_left()) {
      writer.line("x");
    } else if (const auto& split = node.children()) {
      writer.word("b");
      writer.number(split->variable);
      writer.number(std::ssize(split->values));
      for (const std::int32_t value : split->values) writer.number(value);
      writer.end_of_line();
      waiting.push_back(split->children[1].get());
      waiting.push_back(split->children[0].get());
    } else {
      writer.line("o");
    }
  }
}

}  // namespace

bool is_bounded(const ProofNode& node) {
  return !node.steps().empty() && node.steps().back().bound >= node.steps().back().target;
}

Int128 bound_shown(const ProofNode& root) {
  struct Open {
    const ProofNode* node;
    Int128 bound;
  };
  Int128 shown = kNoCost;
  std::vector<Open> waiting{{&root, -kNoCost}};
  while (!waiting.empty()) {
    auto [node, bound] = waiting.back();
    waiting.pop_back();
    for (const auto& step : node->steps()) {
      bound = std::max(bound, step.bound);
      if (step.dropped) shown = std::min(shown, step.target);
    }
    if (const auto& split = node->children()) {
      for (const auto& child : split->children) waiting.push_back({child.get(), bound});
    } else if (is_bounded(*node) || !node->nothing_left()) {
      shown = std::min(shown, bound);
    }
  }
  return shown;
}

void ProofText::add_steps(const ReductionTrace& trace, std::size_t first) {
  Writer writer;
  for (std::size_t i = first; i < trace.steps.size(); ++i) writer.step(trace.steps[i]);
  body_ += writer.text();
}

void ProofText::add_shrinking(const ProofNode::Step& step) {
  Writer writer;
  writer.dual("shrink", step);
  body_ += writer.text();
}

void ProofText::add_tree(const ProofNode& root) {
  Writer writer;
  writer.line("tree");
  write_tree(writer, root);
  body_ += writer.text();
}

std::string ProofText::sealed(std::string_view key, const std::optional<Int128>& bound) const {
  std::string text(verify::kProofMagic);
  text += "key ";
  text += key;
  text += "\nbound " + (bound ? to_string(*bound) : std::string("none")) + "\n" + body_;
  return text + verify::end_line(text);
}

}  // namespace warpshard
