#include "ae/detail/training/fit_watch.hpp"

#include "ae/autoencoder.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

namespace {

const Matrix<float> x = Matrix<float>::Random(6, 2) * Matrix<float>::Random(2, 90);

/// What a fit warns of.
template <class Model>
std::string warned(Model& model, ae::FitOptions options) {
  std::string all;
  options.warn = [&](const std::string& text) { all += text + '\n'; };
  model.fit(x, options);
  return all;
}

/// A second process, which adds its numbers and does nothing else.
class Other final : public ae::detail::Peers<float> {
 public:
  explicit Other(std::vector<double> numbers) : numbers_(std::move(numbers)) {}

  Index rank() const override { return 0; }
  Index ranks() const override { return 2; }
  bool has_whole_data() const override { return true; }
  std::vector<double> of_all(double mine) override { return {mine, mine}; }
  void add_up(std::span<double> numbers) override {
    REQUIRE(numbers.size() == numbers_.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] += numbers_[i];
  }
  bool together(ae::detail::FunctionRef<bool()> work) override { return work(); }
  ae::detail::StepSums step(ae::detail::Trainer<float>&, LoadPart, const double&, Index,
                            bool) override {
    return {};
  }
  void require_same_weights(const ae::detail::TrainableNetwork<float>&) override {}
  void fit_scaler(ae::Scaler<float>&, const ae::detail::SourceRef<float>&,
                  const ae::FitOptions&) override {}
  void complete(ae::detail::TrainingState<float>&) override {}
  bool is_due(const ae::Progress&) const override { return false; }
  void agree_on(const ae::detail::FitJob<float>&) override {}

 private:
  std::vector<double> numbers_;
};

}  // namespace

TEST_CASE("a loss that has risen far is told, a fit that learns says nothing") {
  ae::StackedAutoencoder model({6, 5, 2}, 1), other = model;
  CHECK(says(warned(model, {.epochs = 3, .batch_size = 10, .learning_rate = 20}),
             "a loss that falls", "in the last epoch", "smaller learning_rate"));
  CHECK(warned(other, {.epochs = 3, .batch_size = 10}).empty());
}

TEST_CASE("units of the code that are dead are told") {
  using Rectified = ae::StackedAutoencoder<float, ae::Stack<float, ae::Relu>>;
  Rectified model({6, 5, 3}, 1);
  CHECK(warned(model, {.epochs = 2}).find("dead") == std::string::npos);
  model.set_bias(1, (ae::Vector<float>(3) << -100, 1, -100).finished());
  CHECK(says(warned(model, {.epochs = 2}), "found 2 of 3 that gave 0 for every sample"));
}

TEST_CASE("a fit without a warning's receiver is watched in vain") {
  ae::detail::FitWatch<float> watch(2);
  watch.see_step(1, ae::linalg::const_view(x));
  CHECK_NOTHROW(watch.report(1e9, nullptr));
}

TEST_CASE("a unit that gave something on any process is alive") {
  const Matrix<float> codes = (Matrix<float>(3, 2) << 0, 0, 0, 5, 0, 0).finished();
  const auto told = [&](std::vector<double> others, bool seen) {
    ae::detail::FitWatch<float> watch(3);
    watch.see_step(1, ae::linalg::const_view(codes));
    if (seen) watch.see_codes(ae::linalg::const_view(codes));
    Other other(std::move(others));
    watch.merge_codes(other);
    std::string all;
    watch.report(1, [&](const std::string& text) { all += text; });
    return all;
  };
  CHECK(says(told({0, 0, 0, 0}, true), "found 2 of 3"));
  CHECK(says(told({0, 1, 1, 1}, true), "found 1 of 3"));
  CHECK(says(told({0, 0, 1, 1}, false), "found 2 of 3"));
  CHECK(told({1, 0, 1, 1}, true).empty());
  CHECK(told({0, 0, 0, 0}, false).empty());
}
