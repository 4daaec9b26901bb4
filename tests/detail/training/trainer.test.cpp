#include "ae/detail/training/trainer.hpp"

#include "support/expect.hpp"
#include "support/parameters.hpp"
#include "support/reference.hpp"

using ae::Index;
using ae::Matrix;

namespace {

using Layers = ae::Stack<double, ae::Elu, ae::Identity>;

Layers initial(const Reference& reference) {
  Layers layers({8, 5, 3, 5, 8});
  for (Index i = 0; i < layers.size(); ++i) {
    layers.visit(i, [&](auto& layer) {
      const std::string at = std::to_string(i);
      layer.set_weight(reference.matrix("initial", "weight" + at, layer.outputs(), layer.inputs()));
      layer.set_bias(reference.matrix("initial", "bias" + at, layer.outputs(), 1));
    });
  }
  return layers;
}

}  // namespace

TEST_CASE("twenty steps of Adam with L2 give the losses and weights of libtorch") {
  const Reference reference;
  Layers layers = initial(reference);
  const Matrix<double> x = reference.matrix("initial", "input", 4, 8).transpose();
  const auto data_loss = reference.numbers("", "data_loss");
  const auto total_loss = reference.numbers("", "total_loss");

  ae::detail::TrainingState<double> state;
  ae::detail::Trainer trainer(layers, state,
                              ae::detail::FitParts(ae::Adam{}, ae::Mse{}, ae::L2{0.01}));
  for (std::size_t step = 0; step < 20; ++step) {
    const double penalty = trainer.weight_penalty();
    const double data = trainer.step(x, 0.01, static_cast<Index>(step));
    CHECK(data == doctest::Approx(data_loss[step]).epsilon(1e-10));
    CHECK(data + penalty == doctest::Approx(total_loss[step]).epsilon(1e-10));
  }
  for (Index i = 0; i < layers.size(); ++i) {
    layers.visit(i, [&](const auto& layer) {
      const std::string at = std::to_string(i);
      CHECK(layer.weight().isApprox(
          reference.matrix("after_20_steps", "weight" + at, layer.outputs(), layer.inputs()),
          1e-10));
      CHECK(layer.bias().isApprox(
          reference.matrix("after_20_steps", "bias" + at, layer.outputs(), 1), 1e-10));
    });
  }
}

TEST_CASE("the clock of the optimizer advances once a step") {
  Layers layers({8, 5, 3, 5, 8});
  ae::detail::TrainingState<double> state;
  ae::detail::Trainer trainer(layers, state, ae::detail::FitParts());
  trainer.step(Matrix<double>::Random(8, 4), 0.01, 0);
  trainer.step(Matrix<double>::Random(8, 4), 0.01, 1);
  CHECK(state.steps == 2);
}

TEST_CASE("a step that looks at all gradients first ends in the same bits") {
  using Floats = ae::Stack<float, ae::Elu, ae::Identity>;
  const Matrix<float> x = Matrix<float>::Random(150, 33);
  const ae::detail::FitParts parts(ae::L2{1e-2});
  Floats at_once({150, 70, 9, 150});
  ae::detail::initialize(at_once, ae::XavierUniform{}, 1);
  Floats looked_at = at_once;
  ae::detail::TrainingState<float> one, other;
  ae::detail::Trainer first(at_once, one, parts), second(looked_at, other, parts);
  Index looks = 0;
  for (Index step = 0; step < 3; ++step) {
    const auto look = [&](ae::detail::PerParameter<float>& gradients) {
      CHECK(gradients.norm() > 0);
      ++looks;
    };
    const double found = second.step(x, 0.01, step, look);
    CHECK(found == first.step(x, 0.01, step));
  }
  CHECK(looks == 3);
  for (Index i = 0; i < 3; ++i) {
    CHECK(parameter_of(at_once, i, 0).value == parameter_of(looked_at, i, 0).value);
    CHECK(parameter_of(at_once, i, 1).value == parameter_of(looked_at, i, 1).value);
  }
}
