// Sparse codes: a penalty makes most numbers of a code zero, at a small price in accuracy.

#include <ae/autoencoder.hpp>
#include <ae/core/random.hpp>
#include <iostream>

namespace {

// A code of ReLU units can be exactly zero.
using Model = ae::StackedAutoencoder<float, ae::Stack<float, ae::Relu>>;

// 16 numbers a sample, made of 2 out of 16 hidden columns.
ae::Matrix<float> samples(ae::Index count) {
  const ae::Matrix<float> columns = ae::Matrix<float>::Random(16, 16);
  const ae::Random random(1, ae::Purpose::draw);
  ae::Matrix<float> x = ae::Matrix<float>::Zero(16, count);
  for (std::uint64_t i = 0; i < 2 * static_cast<std::uint64_t>(count); ++i) {
    x.col(static_cast<ae::Index>(i / 2)) +=
        columns.col(static_cast<ae::Index>(random.below(i, 16)));
  }
  return x;
}

struct Result {
  double zeros, error;
};

// The strength of the penalty is lambda; 0 is none.
Result train(const ae::Matrix<float>& x, double lambda) {
  Model model({16, 32});  // the code is wider than a sample
  model.fit(x, {.epochs = 100, .batch_size = 50, .learning_rate = 3e-3, .schedule = ae::cosine()},
            ae::SparseL1{lambda});
  const ae::Matrix<float> codes = model.encode(x);
  return {.zeros =
              static_cast<double>((codes.array() == 0).count()) / static_cast<double>(codes.size()),
          .error = model.evaluate(x)};
}

}  // namespace

int main() {
  const ae::Matrix<float> x = samples(1000);
  const double variance = double(x.squaredNorm()) / static_cast<double>(x.size());
  const Result plain = train(x, 0), sparse = train(x, 0.01);
  std::cout << "without a penalty: " << plain.zeros << " of a code are zero, error " << plain.error
            << "\nwith SparseL1:     " << sparse.zeros << " of a code are zero, error "
            << sparse.error << "\nmean square of the samples: " << variance << '\n';
  return sparse.zeros > plain.zeros + 0.1 && sparse.error < variance / 10 ? 0 : 1;
}
