#include "ae/io/import_weights.hpp"

#include <array>

#include "ae/io/model_file.hpp"
#include "ae/models/stacked_autoencoder.hpp"
#include "ae/models/variational.hpp"
#include "support/expect.hpp"
#include "support/files.hpp"

using ae::Index;
using ae::Matrix;

namespace {

using Model = ae::StackedAutoencoder<double, ae::Stack<double, ae::Relu, ae::Identity>>;

/// A file with layers 6-4-2-4-6 whose numbers differ, each under one of the names.
struct Layers {
  std::vector<Matrix<double>> weights;
  std::vector<ae::Vector<double>> biases;

  explicit Layers(std::vector<Index> sizes = {6, 4, 2, 4, 6}) {
    const ae::Random random(3, ae::Purpose::draw);
    std::uint64_t at = 0;
    const auto next = [&] { return random.normal(at++); };
    for (std::size_t i = 1; i < sizes.size(); ++i) {
      weights.push_back(Matrix<double>::NullaryExpr(sizes[i], sizes[i - 1], next));
      biases.push_back(ae::Vector<double>::NullaryExpr(sizes[i], next));
    }
  }

  ae::SafeTensors torch(const std::vector<std::string>& names) const {
    ae::SafeTensors file;
    for (std::size_t i = 0; i < names.size(); ++i) {
      file.tensors.emplace(names[i] + ".weight", ae::to_tensor(weights[i]));
      file.tensors.emplace(names[i] + ".bias", ae::to_tensor(biases[i]));
    }
    return file;
  }

  ae::SafeTensors keras(const std::vector<std::string>& names, const std::string& kernel,
                        const std::string& bias) const {
    ae::SafeTensors file;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const Matrix<double> turned = weights[i].transpose();
      file.tensors.emplace(names[i] + kernel, ae::to_tensor(turned));
      file.tensors.emplace(names[i] + bias, ae::to_tensor(biases[i]));
    }
    return file;
  }

  template <class Model>
  bool are_in(const Model& model) const {
    bool same = model.layers() == static_cast<Index>(weights.size());
    for (std::size_t i = 0; same && i < weights.size(); ++i) {
      same = model.weight(static_cast<Index>(i)) == weights[i] &&
             model.bias(static_cast<Index>(i)) == biases[i];
    }
    return same;
  }
};

const TemporaryFolder folder;
const Layers layers;

std::filesystem::path written(const ae::SafeTensors& file) {
  const auto path = folder / "weights.safetensors";
  ae::write_safetensors(file, path);
  return path;
}

Model imported(const ae::SafeTensors& file, const std::vector<std::string>& names = {}) {
  Model model({6, 4, 2});
  ae::import_weights(model, written(file), names);
  return model;
}

std::string error_of(const ae::SafeTensors& file, const std::vector<std::string>& names = {}) {
  return message_of<ae::FileError>([&] { imported(file, names); });
}

}  // namespace

TEST_CASE("the names of PyTorch are known, whatever the gaps and the order of the letters") {
  for (const std::vector<std::string>& names : std::vector<std::vector<std::string>>{
           {"0", "3", "6", "10"},
           {"encoder.0", "encoder.3", "decoder.0", "decoder.2"},
           {"module.encoder.layers.0", "module.encoder.layers.10", "module.decoder.layers.2",
            "module.decoder.layers.4"},
           {"fc1", "fc2", "fc3", "fc4"},
           {"linear_9", "linear_10", "linear_11", "linear_100"},
           {"enc1", "enc2", "dec1", "dec2"},
           {"blocks.0.a1", "blocks.0.a2", "blocks.1.a1", "blocks.1.a2"}}) {
    CAPTURE(names[1]);
    CHECK(layers.are_in(imported(layers.torch(names))));
  }
}

TEST_CASE("the names of Keras are known, and its kernels turned") {
  const std::vector<std::string> names = {"dense", "dense_1", "dense_2", "dense_10"};
  CHECK(layers.are_in(imported(layers.keras(names, "/kernel:0", "/bias:0"))));
  CHECK(layers.are_in(imported(layers.keras(names, "/kernel", "/bias"))));
  const std::vector<std::string> in_files = {"layers.dense", "layers.dense_1", "layers.dense_2",
                                             "layers.dense_10"};
  ae::SafeTensors file = layers.keras(in_files, ".vars.0", ".vars.1");
  file.tensors.emplace("optimizer.vars.0", ae::Tensor{"I64", {}, std::string(8, 'x')});
  file.tensors.emplace("optimizer.vars.2", ae::to_tensor(layers.weights[0]));
  CHECK(layers.are_in(imported(file)));
  CHECK(layers.are_in(imported(
      layers.keras({"encoder/dense_4", "encoder/dense_5", "decoder/dense_2", "decoder/dense_3"},
                   "/kernel", "/bias"))));
}

TEST_CASE("sizes tell the order where names do not, if there is only one") {
  const Layers uneven({6, 5, 2, 3, 6});
  using Uneven = ae::StackedAutoencoder<double, ae::Stack<double>, ae::Stack<double>>;
  Uneven model(ae::Stack<double>({6, 5, 2}), ae::Stack<double>({2, 3, 6}));
  ae::import_weights(model, written(uneven.torch({"squeeze", "code", "grow", "back"})));
  CHECK(uneven.are_in(model));
  CHECK(layers.are_in(imported(layers.torch({"in", "mid", "after", "out"}))));  // 6-4-2-4-6 too
  const Layers square({4, 4, 4});
  Model even({4, 4});
  const auto path = written(square.torch({"in", "out"}));
  const std::string error = message_of<ae::FileError>([&] { ae::import_weights(even, path); });
  CHECK(says(error, "4 x 4, 4 x 4", "give the names", R"("in.bias" F64 [4])",
             R"("out.weight" F64 [4, 4])"));
  ae::import_weights(even, path, {"in", "out"});
  CHECK(square.are_in(even));
}

TEST_CASE("names that are given hold, of layers or of tensors, and the rest is left out") {
  ae::SafeTensors file = layers.torch({"d", "c", "b", "a"});
  file.tensors.emplace("head.weight", ae::to_tensor(layers.weights[1]));
  CHECK(layers.are_in(imported(file, {"d", "c", "b", "a"})));
  CHECK(layers.are_in(imported(file, {"d.weight", "c", "b.weight", "b.bias", "a"})));
  ae::SafeTensors own;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < 4; ++i) {
    own.tensors.emplace(names.emplace_back(ae::detail::text("w", i)),
                        ae::to_tensor(layers.weights[i]));
    own.tensors.emplace(names.emplace_back(ae::detail::text("b", i)),
                        ae::to_tensor(layers.biases[i]));
  }
  CHECK(layers.are_in(imported(own, names)));
  CHECK(says(error_of(own), "found none whose names are known", R"("w0" F64 [4, 6])"));
  CHECK(says(error_of(file, {"d", "c", "b", "e"}), "\"e\"", "found none", "\"a.weight\""));
  CHECK(says(error_of(file, {"d", "c"}), "4 x 6, 2 x 4, 4 x 2, 6 x 4", "others under the names"));
  CHECK(says(error_of(file, {"a", "b", "c", "d"}), "others under the names"));
}

TEST_CASE_TEMPLATE("weights come in every floating-point type", Scalar, double, float, Eigen::half,
                   Eigen::bfloat16) {
  ae::SafeTensors file;
  Model expected({6, 4, 2});
  for (Index i = 0; i < 4; ++i) {
    const Matrix<Scalar> weight = layers.weights[static_cast<std::size_t>(i)].cast<Scalar>();
    file.tensors.emplace(ae::detail::text(i, ".weight"), ae::to_tensor(weight));
    expected.set_weight(i, weight.template cast<double>());
  }
  const Model model = imported(file);  // without biases
  for (Index i = 0; i < 4; ++i) {
    CHECK(model.weight(i) == expected.weight(i));
    CHECK(model.bias(i).isZero());
  }
}

TEST_CASE("batch normalisation behind a layer is folded, any other refused by name") {
  ae::SafeTensors file = layers.torch({"0", "3", "5", "7"});  // 1: the norm, 2: ReLU
  ae::Vector<double> scale(4), shift(4), mean(4), variance(4);
  scale << 1, 2, -1, 0.5;
  shift << 0.1, 0, -3, 2;
  mean << 1, -1, 0, 4;
  variance << 1, 0.25, 4, 9;
  const auto add = [](ae::SafeTensors& to, const std::string& name, const auto& values) {
    to.tensors.emplace(name, ae::to_tensor(values));
  };
  add(file, "1.running_mean", mean);
  add(file, "1.running_var", variance);
  file.tensors.emplace("1.num_batches_tracked", ae::Tensor{"I64", {}, std::string(8, '\1')});
  ae::SafeTensors plain = file;
  add(file, "1.weight", scale);
  add(file, "1.bias", shift);
  const Matrix<double> x = Matrix<double>::Random(6, 10);
  const Matrix<double> z = (layers.weights[0] * x).colwise() + layers.biases[0];
  const auto normalised = [&](Index row) -> Eigen::RowVectorXd {
    return (z.row(row).array() - mean[row]) / std::sqrt(variance[row] + 1e-5);
  };
  const auto first_layer = [&](const Model& model) -> Matrix<double> {
    return (model.weight(0) * x).colwise() + model.bias(0);
  };
  const Matrix<double> found = first_layer(imported(file)), without = first_layer(imported(plain));
  for (Index row = 0; row < 4; ++row) {
    CHECK(found.row(row).isApprox((normalised(row).array() * scale[row] + shift[row]).matrix(),
                                  1e-12));
    CHECK(without.row(row).isApprox(normalised(row), 1e-12));
  }
  ae::SafeTensors far = layers.torch({"0", "4", "6", "8"});
  add(far, "2.running_mean", mean);  // behind the activation, and something else behind it
  add(far, "2.running_var", variance);
  CHECK(says(error_of(far), "\"2.running_mean\"", "fuse_linear_bn_eval"));
  CHECK(says(error_of(far, {"0", "4", "6", "8"}), "\"2.running_mean\"", "fuse_linear_bn_eval"));
  ae::SafeTensors half = layers.torch({"0", "3", "5", "7"});
  add(half, "1.running_mean", mean);  // without variances
  CHECK(says(error_of(half), "\"1.running_mean\"", "fuse_linear_bn_eval"));
  ae::SafeTensors named = layers.torch({"fc1", "fc2", "fc3", "fc4"});
  add(named, "bn1.running_mean", mean);
  add(named, "bn1.running_var", variance);
  CHECK(says(error_of(named), "\"bn1.running_mean\", \"bn1.running_var\"", "fuse_linear_bn_eval"));
}

namespace {

/// Four batch normalisations of sizes 4, 2, 4 and 6, each with numbers of its own.
struct Norms {
  std::vector<ae::Vector<double>> gamma, beta, mean, variance;

  Norms() {
    const ae::Random random(4, ae::Purpose::draw);
    std::uint64_t at = 0;
    for (const Index size : {4, 2, 4, 6}) {
      const auto next = [&] { return random.normal(at++); };
      for (auto* all : {&gamma, &beta, &mean, &variance}) {
        all->push_back(ae::Vector<double>::NullaryExpr(size, next));
      }
      variance.back() = variance.back().cwiseAbs2();
    }
  }

  void add(ae::SafeTensors& file, std::size_t i, const std::string& name,
           const std::array<const char*, 4>& ends) const {
    file.tensors.emplace(name + ends[0], ae::to_tensor(gamma[i]));
    file.tensors.emplace(name + ends[1], ae::to_tensor(beta[i]));
    file.tensors.emplace(name + ends[2], ae::to_tensor(mean[i]));
    file.tensors.emplace(name + ends[3], ae::to_tensor(variance[i]));
  }

  Matrix<double> operator()(std::size_t i, const Matrix<double>& u, double epsilon) const {
    Matrix<double> y(u.rows(), u.cols());
    for (Index row = 0; row < u.rows(); ++row) {
      y.row(row) = (u.row(row).array() - mean[i][row]) / std::sqrt(variance[i][row] + epsilon) *
                       gamma[i][row] +
                   beta[i][row];
    }
    return y;
  }
};

const Norms norms;
constexpr std::array torch_ends = {".weight", ".bias", ".running_mean", ".running_var"};
constexpr std::array keras_ends = {"/gamma", "/beta", "/moving_mean", "/moving_variance"};

/// What layers with batch normalisation behind the first `count` of them give, before or behind the
/// activation, which is ReLU but for the code and the output.
Matrix<double> expected_of(Matrix<double> x, bool before, double epsilon, std::size_t count) {
  for (std::size_t i = 0; i < 4; ++i) {
    x = (layers.weights[i] * x).colwise() + layers.biases[i];
    if (before && i < count) x = norms(i, x, epsilon);
    if (i % 2 == 0) x = x.cwiseMax(0);
    if (!before && i < count) x = norms(i, x, epsilon);
  }
  return x;
}

}  // namespace

TEST_CASE("batch normalisation is folded where names or numbers tell, with whose epsilon") {
  using Place = ae::BatchNormPlace;
  const Matrix<double> x = Matrix<double>::Random(6, 10);
  const auto gives = [&](const ae::SafeTensors& file, const std::vector<std::string>& names,
                         ae::ImportedBatchNorm how, const Matrix<double>& expected,
                         const std::vector<ae::FoldedBatchNorm>& folded) {
    Model model({6, 4, 2});
    CHECK(ae::import_weights(model, written(file), names, how) == folded);
    CHECK(model.reconstruct(x).isApprox(expected, 1e-12));
  };
  const std::vector<std::string> dense = {"dense", "dense_1", "dense_2", "dense_3"};
  ae::SafeTensors keras = layers.keras(dense, "/kernel", "/bias");
  for (std::size_t i = 0; i < 3; ++i) {
    norms.add(keras, i, i == 0 ? "norm" : i == 1 ? "norm_1" : "norm_2", keras_ends);
  }
  const std::vector<std::string> names = {"dense",   "norm",   "dense_1", "norm_1",
                                          "dense_2", "norm_2", "dense_3"};
  gives(keras, names, {.place = Place::before_activation}, expected_of(x, true, 1e-3, 3),
        {{"norm", "dense"}, {"norm_1", "dense_1"}, {"norm_2", "dense_2"}});
  gives(keras, names, {.place = Place::after_activation, .epsilon = 0.5},
        expected_of(x, false, 0.5, 3),
        {{"norm", "dense_1"}, {"norm_1", "dense_2"}, {"norm_2", "dense_3"}});
  ae::SafeTensors files = layers.keras({"l/a", "l/b", "l/c", "l/d"}, "/vars/0", "/vars/1");
  norms.add(files, 0, "l/n", {"/vars/0", "/vars/1", "/vars/2", "/vars/3"});
  gives(files, {"l/a", "l/n", "l/b", "l/c", "l/d"}, {.place = Place::before_activation},
        expected_of(x, true, 1e-3, 1), {{"l/n", "l/a"}});
  // 0, ReLU, norm 2, 3, norm 4, 5: the first is in front of a layer, the second behind one.
  ae::SafeTensors torch = layers.torch({"0", "3", "5", "7"});
  norms.add(torch, 0, "2", torch_ends);
  gives(torch, {}, {}, expected_of(x, false, 1e-5, 1), {{"2", "3"}});
  gives(torch, {"0", "2", "3", "5", "7"}, {}, expected_of(x, false, 1e-5, 1), {{"2", "3"}});
  ae::SafeTensors input = layers.torch({"fc1", "fc2", "fc3", "fc4"});
  norms.add(input, 3, "bn0", torch_ends);
  gives(input, {"bn0", "fc1", "fc2", "fc3", "fc4"}, {}, expected_of(norms(3, x, 1e-5), true, 0, 0),
        {{"bn0", "fc1"}});
}

TEST_CASE("batch normalisation that does not fit is refused, and what is to be said") {
  using Place = ae::BatchNormPlace;
  const std::vector<std::string> fc = {"fc1", "fc2", "fc3", "fc4"};
  ae::SafeTensors file = layers.torch(fc);
  norms.add(file, 0, "bn1", torch_ends);
  norms.add(file, 3, "bn4", torch_ends);
  const auto error = [&](const std::vector<std::string>& names, ae::ImportedBatchNorm how) {
    Model model({6, 4, 2});
    const auto path = written(file);
    return message_of([&] { ae::import_weights(model, path, names, how); });
  };
  const ae::ImportedBatchNorm before{.place = Place::before_activation},
      after{.place = Place::after_activation};
  CHECK(says(error({"fc1", "bn1", "fc2", "fc3", "fc4", "bn4"}, {}), "before_activation",
             "\"bn1\" stands behind, found neither"));
  CHECK(says(error({"fc1", "bn1", "fc2", "fc3", "fc4"}, before), "\"bn4.bias\"", "`names`"));
  CHECK(says(error({"fc1", "bn1", "fc2", "fc3", "fc4", "bn4"}, after),
             "a dense layer behind \"bn4\"", "before_activation"));
  CHECK(says(error({"fc1", "bn4", "fc2", "fc3", "fc4", "bn1"}, before), "\"bn4.running_var\"",
             "expected 4 numbers, found 6 x 1"));
  CHECK(says(error({"fc1", "bn1", "bn4", "fc2", "fc3", "fc4"}, before), "\"bn4\" as another one"));
  CHECK(says(error({"fc1", "bn1", "bn4", "fc2", "fc3", "fc4"}, after), "\"bn4\" as another one"));
  CHECK(says(error(fc, {.epsilon = -1}), "epsilon of at least 0, found -1"));
  CHECK(says(error({"bn1"}, before), "a dense layer behind \"bn1\""));
  file.tensors["bn1.running_var"] = ae::to_tensor(ae::Vector<double>::Constant(4, -1).eval());
  CHECK(says(error({"fc1", "bn1", "fc2", "fc3", "fc4", "bn4"}, before), "\"bn1.running_var\"",
             "at least 0, found -1"));
  file = layers.torch({"0", "3", "5", "7"});
  norms.add(file, 0, "9", torch_ends);
  norms.add(file, 0, "1", torch_ends);
  CHECK(says(error({"1", "3", "5", "7"}, before), "beside \"1\" too, found none"));
  norms.add(file, 0, "2", torch_ends);  // in front of 3
  CHECK(says(error({"0", "9", "3", "5", "7"}, after), "\"9\" as another one"));
}

TEST_CASE("batch normalisation of the codes of a variational model is not taken for another") {
  ae::VariationalAutoencoder<double, ae::GaussianLikelihood, ae::Relu> model({6, 5, 2});
  const Layers encoder({6, 5, 2}), decoder({2, 5, 6});
  ae::SafeTensors file = encoder.torch({"fc1", "fc_mu"});
  file.tensors.merge(decoder.torch({"fc3", "fc4"}).tensors);
  file.tensors.emplace("fc_logvar.weight", ae::to_tensor(encoder.weights[1]));
  norms.add(file, 1, "bn", torch_ends);
  const auto path = written(file);
  const auto error = [&](const std::vector<std::string>& names) {
    return message_of<ae::FileError>([&] {
      ae::import_weights(model, path, names, {.place = ae::BatchNormPlace::after_activation});
    });
  };
  CHECK(says(error({"fc1", "fc_mu", "bn", "fc_logvar", "fc3", "fc4"}), "\"bn\" behind \"fc_mu\""));
  CHECK(says(error({"fc1", "fc_mu", "fc_logvar", "bn", "fc3", "fc4"}),
             "\"bn\" behind \"fc_logvar\""));
  const auto folded =
      ae::import_weights(model, path, {"fc1", "fc_mu", "bn", "fc_logvar", "fc3", "fc4"},
                         {.place = ae::BatchNormPlace::before_activation});
  CHECK(folded == std::vector<ae::FoldedBatchNorm>{{"bn", "fc_mu"}});
  CHECK(model.weight(1).bottomRows(2) == encoder.weights[1]);
  CHECK_FALSE(model.weight(1).topRows(2) == encoder.weights[1]);
}

TEST_CASE(
    "other normalisations are refused with all their names, also beside names that are given") {
  const ae::Vector<double> ones = ae::Vector<double>::Ones(4);
  const std::vector<std::string> torch = {"net.fc1", "net.fc2", "net.fc3", "net.fc4"},
                                 keras = {"dense", "dense_1", "dense_2", "dense_3"};
  ae::SafeTensors layer_norm = layers.torch(torch);
  for (const char* name : {"net.ln.bias", "net.ln.weight"}) {
    layer_norm.tensors.emplace(name, ae::to_tensor(ones));
  }
  for (const auto& names : {std::vector<std::string>(), torch}) {
    CHECK(says(error_of(layer_norm, names), "found \"net.ln.bias\", \"net.ln.weight\"",
               "other numbers", "no LayerNorm"));
  }
  ae::SafeTensors batch_norm = layers.keras(keras, "/kernel", "/bias");
  for (const char* name : {"beta", "gamma", "moving_mean", "moving_variance"}) {
    batch_norm.tensors.emplace(std::string("batch_normalization/") + name, ae::to_tensor(ones));
  }
  for (const auto& names : {std::vector<std::string>(), keras}) {
    CHECK(says(error_of(batch_norm, names), "found \"batch_normalization/beta\"",
               "\"batch_normalization/moving_variance\"", "other numbers"));
  }
  ae::SafeTensors in_file = layers.keras(
      {"layers.dense", "layers.dense_1", "layers.dense_2", "layers.dense_3"}, ".vars.0", ".vars.1");
  in_file.tensors.emplace("layers.batch_normalization.vars.0", ae::to_tensor(ones));
  CHECK(says(error_of(in_file), "\"layers.batch_normalization.vars.0\"", "other numbers"));
  // What belongs to other parts of a larger model is left out, where the names say which is meant.
  ae::SafeTensors parts = layers.torch(torch);
  parts.tensors.emplace("head.ln.weight", ae::to_tensor(ones));
  CHECK(layers.are_in(imported(parts, torch)));
  CHECK(says(error_of(parts), "\"head.ln.weight\""));
}

TEST_CASE("two layers with means and log variances become one of a variational model") {
  using Variational = ae::VariationalAutoencoder<double, ae::GaussianLikelihood, ae::Relu>;
  const Layers encoder({6, 5, 3}), more({6, 5, 3}), decoder({3, 5, 6});
  const auto file = [&](const std::vector<std::string>& names) {
    ae::SafeTensors all = encoder.torch({names[0], names[1]});
    all.tensors.merge(decoder.torch({names[3], names[4]}).tensors);
    all.tensors.emplace(names[2] + ".weight", ae::to_tensor(Matrix<double>(2 * more.weights[1])));
    all.tensors.emplace(names[2] + ".bias", ae::to_tensor(more.biases[0].head(3).eval()));
    return all;
  };
  const auto is_in = [&](const Variational& model) {
    Matrix<double> weight(6, 5);
    weight << encoder.weights[1], 2 * more.weights[1];
    ae::Vector<double> bias(6);
    bias << encoder.biases[1], more.biases[0].head(3);
    return model.weight(0) == encoder.weights[0] && model.weight(1) == weight &&
           model.bias(1) == bias && model.weight(2) == decoder.weights[0] &&
           model.bias(3) == decoder.biases[1];
  };
  for (const std::vector<std::string>& names : std::vector<std::vector<std::string>>{
           {"fc1", "fc21", "fc22", "fc3", "fc4"},
           {"encoder.0", "fc_mu", "fc_logvar", "decoder.0", "decoder.2"},
           {"encoder.fc1", "encoder.fc_mu", "encoder.fc_var", "decoder.fc1", "decoder.fc2"},
           {"enc", "z_mean", "z_log_var", "dec1", "dec2"}}) {
    CAPTURE(names[1]);
    Variational model({6, 5, 3});
    ae::import_weights(model, written(file(names)));
    CHECK(is_in(model));
  }
  const std::vector<std::string> own = {"a", "b", "c", "d", "e"};
  Variational model({6, 5, 3});
  ae::import_weights(model, written(file(own)), own);
  CHECK(is_in(model));
  Variational other({6, 4, 3});
  CHECK(says(message_of<ae::FileError>([&] { ae::import_weights(other, written(file(own))); }),
             "4 x 6, 6 x 4, 4 x 3, 6 x 4", "\"c.weight\""));
  CHECK(says(error_of(file({"encoder.0", "fc_mu", "fc_logvar", "decoder.0", "decoder.2"})),
             "\"fc_mu\" and \"fc_logvar\"", "VariationalAutoencoder"));
}

TEST_CASE("layers of a variational model whose numbers end in 21 and 22 are not joined") {
  ae::VariationalAutoencoder<double, ae::GaussianLikelihood, ae::Relu> model({6, 5, 3});
  const Layers encoder({6, 5, 6}), decoder({3, 5, 6});
  ae::SafeTensors all = encoder.torch({"dense_20", "dense_21"});
  all.tensors.merge(decoder.torch({"dense_22", "dense_23"}).tensors);
  ae::import_weights(model, written(all));
  CHECK(model.weight(1) == encoder.weights[1]);
  CHECK(model.weight(2) == decoder.weights[0]);
}

TEST_CASE("what does not fit is refused, and the model stays as it was") {
  Model model({6, 4, 2}, 5);
  const Model before = model;
  const auto refused = [&](const ae::SafeTensors& file) {
    const auto path = written(file);
    const std::string error = message_of<ae::FileError>([&] { ae::import_weights(model, path); });
    CHECK(model.weight(3) == before.weight(3));
    CHECK(says(error, ae::detail::path_text(path)));
    return error;
  };
  ae::SafeTensors file = layers.torch({"0", "1", "2", "3"});
  file.tensors["2.bias"] = ae::to_tensor(layers.biases[3]);
  CHECK(says(refused(file), "\"2.bias\"", "expected 4 numbers, found 6 x 1"));
  file.tensors["2.bias"] = ae::to_tensor(ae::Vector<double>::Constant(4, std::nan("")).eval());
  CHECK(says(refused(file), "\"2.bias\"", "finite"));
  file.tensors["2.bias"] = ae::Tensor{"I8", {4}, "abcd"};
  CHECK(says(refused(file), "\"2.bias\"", "found I8"));
  CHECK(says(refused(layers.torch({"0", "2"})), "6 x 4", "\"2.weight\" F64 [2, 4]"));
  CHECK(says(refused({}), "the file holds no tensors"));
  ae::SafeTensors convolution = layers.torch({"0", "1", "2", "3"});
  convolution.tensors.emplace("4.weight", ae::Tensor{"F32", {1, 1, 1, 1}, "abcd"});
  CHECK(says(refused(convolution), "\"4.weight\" F32 [1, 1, 1, 1]"));
  ae::StackedAutoencoder<float, ae::Stack<float, ae::Relu, ae::Identity>> narrow({6, 4, 2});
  ae::SafeTensors large = layers.torch({"0", "1", "2", "3"});
  large.tensors["1.bias"] = ae::to_tensor(ae::Vector<double>::Constant(2, 1e200).eval());
  CHECK(says(message_of<ae::FileError>([&] { ae::import_weights(narrow, written(large)); }),
             "\"1\"", "larger"));
  ae::save(model, folder / "own.safetensors");
  CHECK(says(
      message_of<ae::FileError>([&] { ae::import_weights(model, folder / "own.safetensors"); }),
      "a model of ae's", "load"));
}

TEST_CASE("a model's scaler and threshold stay, its moments do not") {
  Model model({6, 4, 2});
  const Matrix<double> x = Matrix<double>::Random(6, 30);
  model.set_scaler(ae::Scaler<double>::fit(x));
  model.set_threshold(0.5);
  model.fit(x, {.epochs = 1});
  ae::import_weights(model, written(layers.torch({"0", "2", "4", "6"})));
  CHECK_FALSE(model.scaler().is_identity());
  CHECK(model.threshold() == 0.5);
  CHECK(model.training().steps == 0);
}

TEST_CASE("a file makes a model of its sizes") {
  const Model model = ae::import_model<Model>(written(layers.torch({"0", "2", "4", "6"})));
  CHECK(layers.are_in(model));
  CHECK(model.code_size() == 2);
  const Layers uneven({6, 5, 2, 6});
  const Model other =
      ae::import_model<Model>(written(uneven.torch({"encoder.0", "encoder.2", "decoder.0"})));
  CHECK(uneven.are_in(other));
  CHECK(other.code_size() == 2);
  CHECK(ae::import_model<Model>(written(uneven.torch({"0", "1", "2"}))).code_size() == 2);
  CHECK(ae::import_model<Model>(written(uneven.torch({"a", "b", "c"})), {"a", "b", "c"})
            .code_size() == 2);
  const Layers wide({3, 7, 3});
  CHECK(ae::import_model<Model>(written(wide.torch({"0", "1"}))).code_size() == 7);
  const auto error = [&](const Layers& of, const std::vector<std::string>& names) {
    const auto path = written(of.torch(names));
    return message_of<ae::FileError>([&] { ae::import_model<Model>(path); });
  };
  CHECK(says(error(Layers({6, 3, 4, 3, 5, 6}), {"0", "1", "2", "3", "4"}),
             "tell which gives the code"));
  CHECK(says(error(Layers({6, 3, 5}), {"0", "1"}), "6 inputs and 5 outputs"));
  CHECK(says(error(Layers({6, 3}), {"0"}), "at least two layers, found 1"));
  CHECK(says(error(layers, {"0", "1", "3", "2"}), "\"1\" gives 2 numbers and \"2\" takes 4"));
}

TEST_CASE("files of other kinds are known, and what to save instead") {
  Model model({6, 4, 2});
  const auto error = [&](const std::string& bytes) {
    put(folder / "other", bytes);
    const auto path = folder / "other";
    CHECK(
        says(message_of<ae::FileError>([&] { ae::load(model, path); }), "expected a safetensors"));
    return message_of<ae::FileError>([&] { ae::import_weights(model, path); });
  };
  const std::string zip("PK\x03\x04\0\0\x08\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 26);
  CHECK(says(error(zip + std::string("\x10\0\x12\0", 4) + "archive/data.pkl" + "FB\x0e"),
             "torch.save", "safetensors.torch.save_file(model.state_dict()"));
  CHECK(says(error("\x80\x02\x8a\nl\xfc\x9c"
                   "F\xf9"),
             "pickle", "save_file"));
  CHECK(says(error("\x89HDF\r\n\x1a\n"), "HDF5", "v.path"));
}
