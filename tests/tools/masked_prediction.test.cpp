#include "ae/tools/masked_prediction.hpp"

#include <limits>

#include "ae/models/stacked_autoencoder.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;
using ae::predict_masked;

namespace {

/// The same by setting the features of one mask after the other to 0.
template <class Model, class Scalar = typename Model::Scalar>
Matrix<Scalar> masked_one_by_one(const Model& model, const Matrix<Scalar>& x, Index masks) {
  Matrix<Scalar> y(x.rows(), x.cols());
  for (Index mask = 0; mask < masks; ++mask) {
    Matrix<Scalar> masked = x;
    for (Index i = mask; i < x.rows(); i += masks) masked.row(i).setZero();
    const Matrix<Scalar> all = model.reconstruct(masked);
    for (Index i = mask; i < x.rows(); i += masks) y.row(i) = all.row(i);
  }
  return y;
}

}  // namespace

TEST_CASE_TEMPLATE("each value is predicted from the others", Scalar, float, double) {
  for (const Index features : {2, 7, 32, 33, 100}) {
    for (const auto& hidden : {std::vector<Index>{5}, {20, 4}, {20, 10, 4}}) {
      CAPTURE(features);
      CAPTURE(hidden.size());
      std::vector<Index> sizes{features};
      sizes.insert(sizes.end(), hidden.begin(), hidden.end());
      ae::StackedAutoencoder<Scalar> model(sizes, 3);
      for (Index i = 0; i < model.layers(); ++i) {
        model.set_bias(i, ae::Vector<Scalar>::Random(model.bias(i).size()));
      }
      const Matrix<Scalar> x = Matrix<Scalar>::Random(features, 77);
      const Index masks = std::min<Index>(features, 32);
      const Scalar precision = 100 * std::numeric_limits<Scalar>::epsilon();
      CHECK(predict_masked(model, x).isApprox(masked_one_by_one(model, x, masks), precision));
      CHECK(predict_masked(model, x, 2).isApprox(masked_one_by_one(model, x, 2), precision));
    }
  }
}

TEST_CASE("a prediction does not see the value that it is held against") {
  ae::StackedAutoencoder<double> model({6, 5, 3}, 1);
  Matrix<double> x = Matrix<double>::Random(6, 10);
  const Matrix<double> before = predict_masked(model, x);
  x.row(2).setConstant(1e3);
  CHECK(predict_masked(model, x).row(2).isApprox(before.row(2), 1e-9));
}

TEST_CASE("features of one group are masked together") {
  ae::StackedAutoencoder<double> model({6, 5, 3}, 1);
  const std::vector<Index> groups{0, 1, 1, 1, 2, 2};
  const Matrix<double> x = Matrix<double>::Random(6, 10);
  Matrix<double> expected(6, 10);
  for (Index group = 0; group < 3; ++group) {
    Matrix<double> masked = x;
    for (Index i = 0; i < 6; ++i) {
      if (groups[static_cast<std::size_t>(i)] == group) masked.row(i).setZero();
    }
    const Matrix<double> all = model.reconstruct(masked);
    for (Index i = 0; i < 6; ++i) {
      if (groups[static_cast<std::size_t>(i)] == group) expected.row(i) = all.row(i);
    }
  }
  CHECK(predict_masked(model, x, groups).isApprox(expected, 1e-12));
  CHECK(says(message_of<ae::ShapeError>([&] {
               predict_masked(model, x, std::vector<Index>{0, 1});
             }),
             "each of 6 features, found 2"));
  CHECK(says(message_of<ae::OptionError>([&] {
               predict_masked(model, x, std::vector<Index>{0, -1, 0, 0, 0, 0});
             }),
             "from 0 on, found -1"));
}

TEST_CASE("samples of another width and single masks are refused") {
  const ae::StackedAutoencoder<float> model({6, 5, 3});
  CHECK(says(message_of<ae::ShapeError>([&] { predict_masked(model, Matrix<float>(5, 2)); }),
             "predict_masked", "6 values", "5 x 2"));
  CHECK(says(message_of<ae::OptionError>([&] { predict_masked(model, Matrix<float>(6, 2), 1); }),
             "at least 2 masks, found 1"));
}
