#include "ae/tools/inference_error.hpp"

#include <limits>

#include "ae/models/stacked_autoencoder.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

TEST_CASE_TEMPLATE("the error is what one finds by hand", Format, ae::FullPrecision, ae::Bfloat16,
                   ae::Int8) {
  ae::StackedAutoencoder<float> model({40, 20, 10}, 3);
  const Matrix<float> x = Matrix<float>::Random(40, 30).array() * 50 + 100;
  model.set_scaler(ae::Scaler<float>::fit(x));
  const ae::Inference<float, Format> small(model);
  const auto error = ae::inference_error(small, model, x);

  typename ae::Inference<float, Format>::Workspace workspace;
  Matrix<float> y(40, 30);
  for (Index j = 0; j < 30; ++j) small.reconstruct(x.col(j), y.col(j), workspace);
  const Matrix<float> expected = model.reconstruct(x);
  const auto mse = [](const Matrix<float>& difference) {
    return difference.cast<double>().squaredNorm() / 1200;
  };
  CHECK(error.root_mean_square == doctest::Approx(std::sqrt(mse(y - expected))));
  CHECK(error.largest == doctest::Approx((y - expected).cwiseAbs().maxCoeff()));
  CHECK(error.model_mse == doctest::Approx(mse(expected - x)));
  CHECK(error.inference_mse == doctest::Approx(mse(y - x)));
  CHECK(error.root_mean_square < 0.02 * std::sqrt(error.model_mse));

  Matrix<float> incomplete = x;
  incomplete(3, 4) = std::numeric_limits<float>::quiet_NaN();
  auto scaler = model.scaler();
  scaler.set_missing(ae::Missing::allowed);
  model.set_scaler(scaler);
  const auto there = ae::inference_error(ae::Inference<float, Format>(model), model, incomplete);
  CHECK(there.model_mse == doctest::Approx(error.model_mse).epsilon(0.05));
  CHECK(there.inference_mse == doctest::Approx(error.inference_mse).epsilon(0.05));
  CHECK(says(
      message_of<ae::ShapeError>([&] { ae::inference_error(small, model, Matrix<float>(39, 2)); }),
      "40", "39"));
}
