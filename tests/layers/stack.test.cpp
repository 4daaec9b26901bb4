#include "ae/layers/stack.hpp"

#include "ae/detail/layers/network.hpp"
#include "support/expect.hpp"

using ae::Chain;
using ae::Dense;
using ae::Index;
using ae::Stack;

namespace {

std::vector<std::string> describe(const auto& layers) {
  std::vector<std::string> names;
  for (Index i = 0; i < layers.size(); ++i) {
    layers.visit(i, [&](const auto& layer) {
      names.push_back(ae::detail::text(layer.inputs(), '-', layer.outputs(), ' ', layer.name()));
    });
  }
  return names;
}

}  // namespace

TEST_CASE("a stack has a layer between every two sizes, the last with its own activation") {
  const Stack<float, ae::Elu, ae::Identity> stack({10, 7, 5, 3});
  CHECK(describe(stack) == std::vector<std::string>{"10-7 elu", "7-5 elu", "5-3 identity"});
  CHECK(ae::detail::input_size(stack) == 10);
  CHECK(ae::detail::output_size(stack) == 3);
}

TEST_CASE("a chain joins layers and stacks of any types") {
  const Chain chain(Dense<double, ae::Tanh>(4, 6), Stack<double, ae::Relu>({6, 5, 2}),
                    Dense<double>(2, 9));
  CHECK(describe(chain) ==
        std::vector<std::string>{"4-6 tanh", "6-5 relu", "5-2 relu", "2-9 identity"});
}

TEST_CASE("layers that do not fit are refused with both sizes") {
  CHECK(says(message_of<ae::ShapeError>([] { Chain(Dense<float>(4, 6), Dense<float>(5, 2)); }),
             "layer 1", "expects 5", "gives 6"));
  CHECK(says(message_of<ae::ShapeError>([] { Stack<float>({4}); }), "at least two sizes", "1"));
  CHECK(says(message_of<ae::ShapeError>([] {
               Stack<float>({4, 0, 3});
             }),
             "at least 1", "0 inputs"));
}

TEST_CASE("initialisation gives each layer numbers of its own, the same for the same seed") {
  Stack<double> one({4, 4, 4}), same({4, 4, 4}), other({4, 4, 4});
  ae::detail::initialize(one, ae::XavierUniform{}, 1);
  ae::detail::initialize(same, ae::XavierUniform{}, 1);
  ae::detail::initialize(other, ae::XavierUniform{}, 2);
  const auto weight = [](const auto& stack, Index i) {
    ae::Matrix<double> found;
    stack.visit(i, [&](const auto& layer) { found = layer.weight(); });
    return found;
  };
  CHECK(weight(one, 0) == weight(same, 0));
  CHECK(weight(one, 0) != weight(other, 0));
  CHECK(weight(one, 0) != weight(one, 1));
}
