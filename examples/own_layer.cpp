// A layer of your own: here one that multiplies every feature by a gain, which is learnt. It stands
// behind a dense layer, and its gradients are checked.

#include <ae/autoencoder.hpp>
#include <ae/tools/check_gradients.hpp>
#include <iostream>

// y = gain * x, feature by feature. x and y are (features x batch).
template <class Scalar_>
class Gain {
  using View = ae::linalg::View<Scalar_>;
  using ConstView = ae::linalg::ConstView<Scalar_>;
  using Epilogue = ae::linalg::EpilogueRef<Scalar_>;

 public:
  using Scalar = Scalar_;
  static constexpr ae::Index parameters = 1;

  explicit Gain(ae::Index features) : gain_(ae::Vector<Scalar>::Ones(features)) {}

  ae::Index inputs() const { return gain_.size(); }
  ae::Index outputs() const { return gain_.size(); }
  std::string_view name() const { return "gain"; }

  // What is learnt, as a matrix; `false`: a penalty on weights leaves it alone.
  ae::Parameter<Scalar> parameter(ae::Index) {
    return {"gain", {gain_.data(), inputs(), 1}, false};
  }
  ae::Parameter<const Scalar> parameter(ae::Index) const {
    return {"gain", {gain_.data(), inputs(), 1}, false};
  }

  // Whoever computes a result gives it to `finish`, in tiles of any size; here as one.
  void forward(ae::Product<Scalar>&, ConstView x, View y, View, const Epilogue& finish) const {
    y = gain_.asDiagonal() * x;
    finish(y, {0, y.rows()}, {0, y.cols()});
  }

  // dL/dy becomes dL/dz: there is no activation, so nothing changes.
  void differentiate(View, ConstView) const {}

  // dL/dx = gain * dL/dz.
  void backward_input(ae::Product<Scalar>&, ConstView dz, View dx, const Epilogue& finish) const {
    dx = gain_.asDiagonal() * dz;
    finish(dx, {0, dx.rows()}, {0, dx.cols()});
  }

  // dL/dgain: the sum of x dL/dz over the samples, for the epilogue of parameter 0.
  void backward_parameters(ae::Product<Scalar>&, ConstView x, ConstView dz,
                           const auto& epilogues) const {
    ae::Vector<Scalar> sums = x.cwiseProduct(dz).rowwise().sum();
    epilogues(0)(ae::linalg::view(sums), {0, sums.size()}, {0, 1});
  }

 private:
  ae::Vector<Scalar> gain_;
};

// An encoder of two dense layers; a decoder of a dense layer and gains behind it.
template <class Scalar>
auto make_model() {
  using Layers = ae::Stack<Scalar, ae::Elu, ae::Identity>;
  return ae::StackedAutoencoder(Layers({20, 12, 3}), ae::Chain(Layers({3, 20}), Gain<Scalar>(20)));
}

int main() {
  const double error =
      ae::check_gradients(make_model<double>(), ae::Matrix<double>::Random(20, 10)).error;
  std::cout << "largest relative error of a gradient: " << error << '\n';

  const ae::Matrix<float> x = ae::Matrix<float>::Random(20, 3) * ae::Matrix<float>::Random(3, 500);
  auto model = make_model<float>();
  const double before = model.evaluate(x);
  model.fit(x, {.epochs = 100, .batch_size = 50, .learning_rate = 3e-3});
  std::cout << "mean squared error: " << before << " before training, " << model.evaluate(x)
            << " after it\n";
  return error < 1e-6 && model.evaluate(x) < before / 5 ? 0 : 1;
}
