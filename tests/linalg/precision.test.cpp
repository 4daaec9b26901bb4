#include "ae/linalg/precision.hpp"

#include "ae/autoencoder.hpp"
#include "ae/detail/training/objective.hpp"
#include "ae/detail/training/trainer.hpp"
#include "support/allocations.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;
using ae::StackedAutoencoder;

namespace {

/// Samples (200 x count) that hang together through a few hidden numbers.
Matrix<float> samples(Index count) {
  std::srand(5);
  return Matrix<float>::Random(200, 8) * Matrix<float>::Random(8, count) / 2;
}

/// All gradients of the parameters, one behind the other.
ae::Vector<float> gradients(ae::Precision precision) {
  StackedAutoencoder<float> model({200, 120, 100}, 3);
  auto network = model.network();
  ae::detail::TrainingState<float> state;
  ae::detail::Trainer<float> trainer(network, state, ae::detail::FitParts());
  trainer.set_precision(precision);
  std::vector<float> all;
  trainer.step(samples(96), 1e-3, 0, [&](ae::detail::PerParameter<float>& found) {
    for (Index layer = 0; layer < network.size(); ++layer) {
      for (Index p = 0; p < 2; ++p) {
        const Matrix<float> gradient = found(layer, p);
        all.insert(all.end(), gradient.data(), gradient.data() + gradient.size());
      }
    }
  });
  return Eigen::Map<ae::Vector<float>>(all.data(), static_cast<Index>(all.size()));
}

}  // namespace

TEST_CASE("gradients of rounded products are those of full ones, within bfloat16's tolerance") {
  const ae::Vector<float> full = gradients(ae::Precision::full);
  const ae::Vector<float> rounded = gradients(ae::Precision::bfloat16);
  CHECK(full != rounded);
  CHECK((full - rounded).norm() < 0x1p-7F * full.norm());
}

TEST_CASE("a fit of that precision learns as one of full precision does, and allocates nothing") {
  const Matrix<float> x = samples(400);
  const auto loss_after = [&](ae::Precision precision) {
    StackedAutoencoder<float> model({200, 120, 100}, 3);
    long before = 0, after = 0;
    model.fit(x,
              {.epochs = 6,
               .batch_size = 100,
               .precision = precision,
               .callbacks = {[&](const ae::Progress& at) {
                 if (at.epoch_ended && at.epoch == 0) before = allocations();
                 if (at.epoch_ended && at.epoch == 5) after = allocations();
               }}},
              ae::L2{1e-4});
    CHECK(after == before);
    return model.evaluate(x);
  };
  const double full = loss_after(ae::Precision::full);
  const double rounded = loss_after(ae::Precision::bfloat16);
  CHECK(std::abs(rounded - full) < 0.05 * full);
}

TEST_CASE("a fit that is stopped goes on to the same bits, and with no other precision") {
  const Matrix<float> x = samples(300);
  const auto fit = [&](StackedAutoencoder<float>& model, Index stop, bool resume,
                       ae::Precision precision) {
    model.fit(x, {.epochs = 4,
                  .batch_size = 100,
                  .precision = precision,
                  .resume = resume,
                  .callbacks = {[&](ae::Progress& at) { at.stop = at.step == stop; }}});
  };
  StackedAutoencoder<float> whole({200, 120, 100}, 3), cut = whole;
  fit(whole, -1, false, ae::Precision::bfloat16);
  fit(cut, 5, false, ae::Precision::bfloat16);
  CHECK(says(message_of<ae::OptionError>([&] { fit(cut, -1, true, ae::Precision::full); }),
             "precision full and not bfloat16"));
  fit(cut, -1, true, ae::Precision::bfloat16);
  CHECK(cut.weight(0) == whole.weight(0));
  CHECK(cut.weight(3) == whole.weight(3));
}

TEST_CASE("a model of double has no rounded products") {
  StackedAutoencoder<double> model({6, 4, 2}, 1);
  const Matrix<double> x = Matrix<double>::Random(6, 20);
  CHECK(says(message_of<ae::OptionError>(
                 [&] { model.fit(x, {.epochs = 1, .precision = ae::Precision::bfloat16}); }),
             "expected a model of float"));
}
