/// Reconstructing pictures: how long one takes, and how many a second.
#include "ae/autoencoder.hpp"
#include "ae/models/inference.hpp"
#include "plain_eigen.hpp"
#include "torch_contest.hpp"

namespace {

using namespace bench;
using Model = ae::StackedAutoencoder<float>;

/// x (1024 x any) to a reconstruction that stays where the contender likes.
struct Contender {
  std::string name;
  std::function<void(const Matrix&)> run;
  std::function<Matrix(const Matrix&)> reconstruct;
  Precision precision = Precision::full;
};

Parameters parameters(const Model& model) {
  Parameters all;
  for (Index i = 0; i < model.layers(); ++i) {
    all.weights.push_back(model.weight(i));
    all.biases.push_back(model.bias(i));
  }
  return all;
}

Contender ae_contender(const Model& model, const std::string& name,
                       Precision precision = Precision::full) {
  const auto workspace = std::make_shared<ae::Workspace<float>>(precision);
  return {name, [&, workspace](const Matrix& x) { model.reconstruct(x, *workspace); },
          [&, workspace](const Matrix& x) -> Matrix { return model.reconstruct(x, *workspace); },
          precision};
}

/// The weights laid out for one picture, as they are or in 16 or 8 bits.
template <class Format>
Contender ae_inference(const std::string& name, const Model& model) {
  const auto inference = std::make_shared<ae::Inference<float, Format>>(model);
  const auto workspace = std::make_shared<typename ae::Inference<float, Format>::Workspace>();
  const auto y = std::make_shared<ae::Vector<float>>(model.features());
  const auto run = [=](const Matrix& x) { inference->reconstruct(x.col(0), *y, *workspace); };
  return {name, run, [=](const Matrix& x) -> Matrix {
            run(x);
            return *y;
          }};
}

Contender plain_eigen(const Parameters& start, Index batch) {
  const auto model = std::make_shared<PlainEigen>(start, batch);
  return {"plain Eigen", [model](const Matrix& x) { model->forward(x); },
          [model](const Matrix& x) { return model->forward(x); }};
}

#ifdef BENCH_TORCH
Contender libtorch(const Parameters& start) {
  const TorchModel model(start);
  return {"libtorch", [model](const Matrix& x) { model.forward(x); },
          [model](const Matrix& x) { return model.reconstruct(x); }};
}
#endif

std::vector<Contender> contenders(const Model& model, Index batch) {
  const Parameters start = parameters(model);
  std::vector<Contender> all;
  if (batch > 1) {
    all.push_back(ae_contender(model, "ae"));
    all.push_back(ae_contender(model, "ae bfloat16", Precision::bfloat16));
  } else {
    all.push_back(ae_inference<ae::FullPrecision>("ae", model));
    all.push_back(ae_contender(model, "ae, the model itself"));
    all.push_back(ae_inference<ae::Bfloat16>("ae 16 bits", model));
    all.push_back(ae_inference<ae::Int8>("ae 8 bits", model));
  }
  all.push_back(plain_eigen(start, batch));
#ifdef BENCH_TORCH
  all.push_back(libtorch(start));
#endif
  return all;
}

/// Throws if a contender makes another picture, but for rounding.
void require_same(const std::vector<Contender>& all, const Matrix& x) {
  const Matrix expected = all.front().reconstruct(x);
  for (const Contender& contender : all) {
    if ((contender.reconstruct(x) - expected).norm() < 2e-2F * expected.norm()) continue;
    throw std::runtime_error(contender.name + " makes other pictures than ae");
  }
}

void add_all(Contest& contest, const std::string& name, const Model& model, const Matrix& x,
             int threads) {
  contest.use_threads(threads);
  const auto all = contenders(model, x.cols());
  require_same(all, x);
  for (const Contender& contender : all) {
    contest.add({name, contender.name, threads, horse_flops(x.cols(), false),
                 [&x, run = contender.run] { run(x); }, contender.precision});
  }
}

}  // namespace

int main(int argc, char** argv) {
  Options options("Reconstruction through 1024-300-150-300-1024: one picture, and 5,000.");
  CLI11_PARSE(options.app, argc, argv);

  const Model model({1024, 300, 150});
  const Matrix many = pictures(5000), one = many.col(0);
  Contest contest = torch_contest(options);
  for (const int threads : options.threads) {
    add_all(contest, "one picture", model, one, threads);
    add_all(contest, "5,000 pictures", model, many, threads);
  }
  contest.run();
  contest.write();
}
