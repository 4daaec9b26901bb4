#include "ae/detail/layers/backprop.hpp"

#include "support/allocations.hpp"
#include "support/expect.hpp"
#include "support/gradient_check.hpp"
#include "support/reference.hpp"

using ae::Index;
using ae::Matrix;

TEST_CASE("gradients through a stack agree with central differences") {
  std::srand(7);
  ae::Stack<double, ae::Elu, ae::Tanh> encoder({6, 5, 3});
  ae::Stack<double, ae::Sigmoid, ae::Identity> decoder({3, 5, 6});
  ae::detail::initialize(encoder, ae::XavierUniform{}, 3);
  ae::detail::initialize(decoder, ae::XavierUniform{}, 4);
  const Matrix<double> x = Matrix<double>::Random(6, 9), target = Matrix<double>::Random(6, 9);
  CHECK(worst_gradient_error(ae::Chain(encoder, decoder), x, target) < 1e-6);
}

TEST_CASE_TEMPLATE("gradients through a stack of one activation agree with central differences",
                   Activation, ae::Selu, ae::Softplus, ae::Gelu, ae::Silu) {
  std::srand(8);
  ae::Stack<double, Activation> layers({6, 70, 3, 6});
  ae::detail::initialize(layers, ae::LeCunNormal{}, 3);
  const Matrix<double> x = Matrix<double>::Random(6, 9), target = Matrix<double>::Random(6, 9);
  CHECK(worst_gradient_error(layers, x, target) < 1e-6);
}

TEST_CASE("what a layer's derivative needs is kept, and no more") {
  const ae::Chain layers(ae::Dense<double, ae::Elu>(6, 5), ae::Dense<double, ae::Gelu>(5, 4));
  ae::Workspace<double> workspace;
  ae::detail::forward(layers, Matrix<double>::Random(6, 9), workspace);
  CHECK(workspace.kept(0).data() == workspace.output(0).data());
  CHECK(workspace.kept(1).data() != workspace.output(1).data());
  CHECK(workspace.output(1).isApprox(ae::Gelu{}.value(workspace.kept(1).array()).matrix(), 1e-14));

  ae::detail::forward(ae::Stack<double>({6, 5, 4}), Matrix<double>::Random(6, 9), workspace);
  CHECK(workspace.kept(1).data() == workspace.output(1).data());
}

TEST_CASE("a pass through layers that keep z allocates nothing once the workspace has grown") {
  ae::Stack<double, ae::Gelu> layers({6, 5, 4});
  ae::detail::initialize(layers, ae::XavierUniform{}, 1);
  const Matrix<double> x = Matrix<double>::Random(6, 9);
  ae::Workspace<double> workspace;
  ae::detail::forward(layers, x, workspace);
  const long before = allocations();
  Eigen::internal::set_is_malloc_allowed(false);
  CHECK_NOTHROW(ae::detail::forward(layers, x, workspace));
  Eigen::internal::set_is_malloc_allowed(true);
  CHECK(allocations() == before);
}

TEST_CASE("outputs and gradients are those of libtorch") {
  const Reference reference;
  const std::vector<Index> sizes{8, 5, 3, 5, 8};
  ae::Stack<double, ae::Elu, ae::Identity> layers(sizes);
  const double l2 = 0.01;
  for (Index i = 0; i < 4; ++i) {
    layers.visit(i, [&](auto& layer) {
      const std::string at = std::to_string(i);
      layer.set_weight(reference.matrix("initial", "weight" + at, layer.outputs(), layer.inputs()));
      layer.set_bias(reference.matrix("initial", "bias" + at, layer.outputs(), 1));
    });
  }
  const Matrix<double> x = reference.matrix("initial", "input", 4, 8).transpose();
  ae::Workspace<double> workspace;
  ae::detail::forward(layers, x, workspace);
  CHECK(workspace.output(3).isApprox(reference.matrix("first_step", "output", 4, 8).transpose(),
                                     1e-10));

  const AllGradients gradients = backprop(layers, x, x);
  for (Index i = 0; i < 4; ++i) {
    layers.visit(i, [&](const auto& layer) {
      const std::string at = std::to_string(i);
      const Matrix<double> weight = gradients.parameters(i, 0) + l2 * layer.weight();
      CHECK(weight.isApprox(
          reference.matrix("first_step", "grad_weight" + at, layer.outputs(), layer.inputs()),
          1e-10));
      CHECK(gradients.parameters(i, 1).isApprox(
          reference.matrix("first_step", "grad_bias" + at, layer.outputs(), 1), 1e-10));
    });
  }
}

TEST_CASE("a smaller batch uses the workspace of a larger one") {
  ae::Stack<double> layers({6, 4, 2});
  ae::detail::initialize(layers, ae::XavierUniform{}, 1);
  const Matrix<double> x = Matrix<double>::Random(6, 10);
  ae::Workspace<double> fresh, used;
  ae::detail::forward(layers, x, used);
  ae::detail::forward(layers, x.leftCols(3), used);
  ae::detail::forward(layers, x.leftCols(3), fresh);
  CHECK(used.output(1).cols() == 3);
  CHECK(used.output(1) == fresh.output(1));
}
