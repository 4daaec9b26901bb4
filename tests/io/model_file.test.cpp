#include "ae/io/model_file.hpp"

#include <nlohmann/json.hpp>

#include "ae/autoencoder.hpp"
#include "ae/core/file.hpp"
#include "ae/models/variational.hpp"
#include "support/expect.hpp"
#include "support/files.hpp"

using ae::FileError;
using ae::Index;
using ae::Matrix;
using ae::SafeTensors;
using ae::StackedAutoencoder;
using nlohmann::json;

namespace {

/// With biases, so that every tensor has numbers of its own.
template <class Scalar = float, class Hidden = ae::Elu>
StackedAutoencoder<Scalar, ae::Stack<Scalar, Hidden>> small(std::uint64_t seed = 1,
                                                            const std::vector<Index>& sizes = {5, 4,
                                                                                               3}) {
  StackedAutoencoder<Scalar, ae::Stack<Scalar, Hidden>> model(sizes, seed);
  for (Index i = 0; i < model.layers(); ++i) {
    const auto size = model.bias(i).size();
    model.set_bias(i, ae::Vector<Scalar>::LinSpaced(size, Scalar(-0.5), Scalar(seed)));
  }
  return model;
}

auto scaled() {
  auto model = small();
  model.set_scaler({ae::Vector<float>::LinSpaced(5, 100, 120), 0.1f});
  model.set_threshold(1 / 3.0);
  return model;
}

template <class Model>
SafeTensors file_of(const Model& model) {
  const TemporaryFolder folder;
  ae::save(model, folder / "model");
  return ae::read_safetensors(folder / "model");
}

/// Every bit that a load may change.
template <class Model>
std::string bits(const Model& model) {
  std::string all;
  auto network = model.network();
  for (const auto& parameter : ae::detail::named_parameters(network)) {
    all += ae::detail::to_tensor(parameter).bytes;
  }
  const auto& scaler = model.scaler();
  all += ae::to_tensor(scaler.center()).bytes + ae::to_tensor(scaler.divisors()).bytes;
  return all + ae::detail::text(int(scaler.is_per_feature()), int(scaler.missing()), ' ',
                                model.threshold().value_or(-1));
}

/// True if a file is refused by a message that names it and says the pieces, and the model stays as
/// it was.
template <class... Pieces>
bool refuses(const SafeTensors& file, const Pieces&... pieces) {
  const TemporaryFolder folder;
  ae::write_safetensors(file, folder / "model");
  auto model = scaled();
  const std::string before = bits(model);
  const std::string message = message_of<FileError>([&] { ae::load(model, folder / "model"); });
  return says(message, (folder / "model").string(), "expected", "found", pieces...) &&
         bits(model) == before;
}

/// The file of `scaled` with one text of its metadata replaced.
SafeTensors with(const std::string& key, const std::string& value) {
  SafeTensors file = file_of(scaled());
  file.metadata[key] = value;
  return file;
}

SafeTensors without(const std::string& key) {
  SafeTensors file = file_of(scaled());
  file.metadata.erase(key);
  return file;
}

/// What loading a model of the file's sizes says.
std::string refusal_of_sizes(const SafeTensors& file) {
  const TemporaryFolder folder;
  ae::write_safetensors(file, folder / "model");
  return message_of<FileError>([&] { ae::load<StackedAutoencoder<>>(folder / "model"); });
}

SafeTensors with_layers(std::initializer_list<json> sizes) {
  json layers = json::array();
  for (const json& size : sizes) layers.push_back({{"inputs", size}});
  return with("ae.layers", layers.dump());
}

}  // namespace

TEST_CASE_TEMPLATE("a model comes back bit by bit", Scalar, float, double) {
  const TemporaryFolder folder;
  auto model = small<Scalar>();
  ae::save(model, folder / "plain");
  model.set_scaler({ae::Vector<Scalar>::LinSpaced(5, Scalar(-1), Scalar(2)), Scalar(0.7)});
  model.set_threshold(0.1);
  ae::save(model, folder / "scaled");
  const Matrix<Scalar> x = Matrix<Scalar>::Random(5, 20);

  auto loaded = small<Scalar>(2);
  ae::load(loaded, folder / "scaled");
  CHECK(bits(loaded) == bits(model));
  CHECK(loaded.reconstruct(x) == model.reconstruct(x));
  CHECK(loaded.threshold() == 0.1);

  model.set_scaler({ae::Vector<Scalar>::LinSpaced(5, Scalar(-1), Scalar(2)),
                    ae::Vector<Scalar>::LinSpaced(5, Scalar(1e-4), Scalar(1e3))});
  ae::save(model, folder / "per_feature");
  ae::load(loaded, folder / "per_feature");
  CHECK(bits(loaded) == bits(model));
  CHECK(loaded.reconstruct(x) == model.reconstruct(x));

  auto scaler = model.scaler();
  scaler.set_missing(ae::Missing::allowed);
  model.set_scaler(scaler);
  ae::save(model, folder / "missing");
  ae::load(loaded, folder / "missing");
  CHECK(bits(loaded) == bits(model));
  ae::load(loaded, folder / "per_feature");
  CHECK(loaded.scaler().missing() == ae::Missing::refused);

  ae::load(loaded, folder / "plain");  // takes away what the file has not
  CHECK(bits(loaded) == bits(small<Scalar>()));
  CHECK(loaded.scaler().is_identity());
  CHECK_FALSE(loaded.threshold().has_value());
}

TEST_CASE("a model of the type is made of the sizes in the file") {
  const TemporaryFolder folder;
  const auto model = scaled();
  ae::save(model, folder / "model");
  CHECK(bits(ae::load<StackedAutoencoder<>>(folder / "model")) == bits(model));
}

TEST_CASE("a variational model comes back too, encoder and decoder by their names") {
  using Model = ae::VariationalAutoencoder<double, ae::BernoulliLikelihood, ae::Tanh>;
  const TemporaryFolder folder;
  Model model({6, 5, 2}, {}, 3);
  model.set_threshold(0.5);
  ae::save(model, folder / "model");
  const SafeTensors file = ae::read_safetensors(folder / "model");
  CHECK(file.tensors.size() == 8);
  CHECK(file.tensors.at("encoder.2.weight").shape == std::vector<std::uint64_t>{4, 5});
  CHECK(file.tensors.at("decoder.0.weight").shape == std::vector<std::uint64_t>{5, 2});
  CHECK(file.metadata.at("ae.code_layer") == "1");
  const auto loaded = ae::load<Model>(folder / "model");
  const Matrix<double> x = Matrix<double>::Random(6, 10).cwiseAbs();
  CHECK(loaded.reconstruct(x) == model.reconstruct(x));
  CHECK(loaded.threshold() == 0.5);
}

TEST_CASE("every member of a variational model comes back") {
  const TemporaryFolder folder;
  const Matrix<float> x = Matrix<float>::Random(6, 40) * 20;
  ae::VariationalAutoencoder model({6, 5, 2}, ae::GaussianLikelihood{.sigma = 1 / 3.0}, 3);
  model.set_scaler(ae::Scaler<float>::fit(x));
  model.set_threshold(7.5);
  model.fit(x, {.epochs = 1, .batch_size = 8});
  ae::save(model, folder / "model");
  CHECK(ae::read_safetensors(folder / "model").metadata.at("ae.likelihood") ==
        R"({"name":"gaussian","sigma":0.3333333333333333})");

  using Model = decltype(model);
  Model into({6, 5, 2}, {.sigma = 9});
  ae::load(into, folder / "model");
  for (const Model& loaded : {into, ae::load<Model>(folder / "model")}) {
    CHECK(bits(loaded) == bits(model));  // weights, scaler and threshold
    CHECK(loaded.likelihood().sigma == 1 / 3.0);
    CHECK(loaded.code_layer() == model.code_layer());
    CHECK(loaded.code_size() == 2);
    CHECK(loaded.features() == 6);
    CHECK(loaded.distributions(x) == model.distributions(x));
    CHECK(loaded.evidence(x).lower_bound() == model.evidence(x).lower_bound());
    CHECK(loaded.training().epochs == 0);  // a fit begins anew
  }
}

TEST_CASE("a sigma that is learnt comes back, and goes on learning") {
  const TemporaryFolder folder;
  const Matrix<float> x = Matrix<float>::Random(6, 40);
  ae::VariationalAutoencoder model({6, 5, 2}, ae::GaussianLikelihood{}, 3);
  model.fit(x, {.epochs = 2, .batch_size = 8});
  ae::save(model, folder / "model");
  const auto loaded = ae::load<decltype(model)>(folder / "model");
  CHECK(loaded.likelihood().sigma == model.likelihood().sigma);
  CHECK(loaded.likelihood().learnt);
}

TEST_CASE("a file without a likelihood leaves the model's, one of another is refused") {
  const TemporaryFolder folder;
  const ae::VariationalAutoencoder model({6, 5, 2}, ae::GaussianLikelihood{.sigma = 0.5});
  const SafeTensors whole = file_of(model);
  auto other = model;
  other.set_likelihood({.sigma = 4});
  const auto refusal = [&](auto into, const char* likelihood) {
    SafeTensors file = whole;
    file.metadata["ae.likelihood"] = likelihood;
    ae::write_safetensors(file, folder / "changed");
    return message_of<FileError>([&] { ae::load(into, folder / "changed"); });
  };
  CHECK(says(refusal(other, R"({"name":"bernoulli"})"),
             "changed, ae.likelihood: expected \"gaussian\", found \"bernoulli\""));
  CHECK(says(refusal(other, R"({"name":"gaussian"})"), "expected a sigma, found none"));
  CHECK(says(refusal(other, R"({"name":"gaussian","sigma":0})"),
             "ae.likelihood: Gaussian likelihood: expected a sigma above 0, found 0"));
  CHECK(says(refusal(other, R"({"name":"gaussian","sigma":"1"})"),
             "ae.likelihood: expected a likelihood's name and its sigma, found {"));
  CHECK(says(refusal(other, "[]"), "ae.likelihood: expected a likelihood's name", "found []"));
  CHECK(says(refusal(ae::VariationalAutoencoder({6, 5, 2}, ae::BernoulliLikelihood{}),
                     R"({"name":"gaussian","sigma":0.5})"),
             "ae.likelihood: expected \"bernoulli\", found \"gaussian\""));

  SafeTensors old = whole;
  old.metadata.erase("ae.likelihood");
  ae::write_safetensors(old, folder / "old");
  ae::load(other, folder / "old");
  CHECK(other.likelihood().sigma == 4);

  SafeTensors plain = file_of(scaled());
  plain.metadata["ae.likelihood"] = R"({"name":"gaussian","sigma":1})";
  CHECK(refuses(plain, "ae.likelihood: expected none, found \"gaussian\""));
}

TEST_CASE("tensors have the names, shapes and order of rows of PyTorch's nn.Sequential") {
  // Linear 0, ELU 1, Linear 2, ELU 3, Linear 4, ELU 5, Linear 6.
  const auto model = small();
  const SafeTensors file = file_of(model);
  CHECK(file.tensors.size() == 8);
  for (const Index i : {0, 1, 2, 3}) {
    const ae::Tensor& weight = file.tensors.at(ae::detail::text(2 * i, ".weight"));
    const ae::Tensor& bias = file.tensors.at(ae::detail::text(2 * i, ".bias"));
    CHECK(weight == ae::to_tensor(model.weight(i)));
    CHECK(bias == ae::to_tensor(model.bias(i)));
    CHECK(weight.dtype == "F32");
    CHECK(bias.shape.size() == 1);
  }
  CHECK(file.tensors.at("0.weight").shape == std::vector<std::uint64_t>{4, 5});
}

TEST_CASE("the identity is no module, and a weight of one column is a matrix") {
  using Linear = ae::Stack<float, ae::Identity>;
  const auto file = file_of(StackedAutoencoder<float, Linear>({3, 2, 1}));
  std::string names;
  for (const auto& [name, tensor] : file.tensors) names += name + ' ';
  CHECK(names == "0.bias 0.weight 1.bias 1.weight 2.bias 2.weight 3.bias 3.weight ");
  CHECK(file.tensors.at("2.weight").shape == std::vector<std::uint64_t>{2, 1});
  CHECK(file.tensors.at("1.bias").shape == std::vector<std::uint64_t>{1});
}

TEST_CASE("the metadata say what the tensors do not") {
  const SafeTensors file = file_of(scaled());
  CHECK(file.metadata.at("ae.version") == "1");
  CHECK(file.metadata.at("ae.code_layer") == "1");
  CHECK(json::parse(file.metadata.at("ae.layers")) == json::parse(R"([
    {"inputs": 5, "outputs": 4, "activation": "elu"}, {"inputs": 4, "outputs": 3, "activation": "elu"},
    {"inputs": 3, "outputs": 4, "activation": "elu"},
    {"inputs": 4, "outputs": 5, "activation": "identity"}])"));
  CHECK(json::parse(file.metadata.at("ae.scaler")) ==
        json{{"mean", {100, 105, 110, 115, 120}}, {"scale", double{0.1f}}});
  CHECK(std::stod(file.metadata.at("ae.threshold")) == 1 / 3.0);
  const json probe = json::parse(file.metadata.at("ae.probe"));
  CHECK(probe.at("input").size() == 5);
  CHECK(probe.at("input").at(0).get<double>() == doctest::Approx(100).epsilon(0.01));
  CHECK(file_of(small()).metadata.size() == 4);
}

TEST_CASE("the same model gives the same bytes") {
  const TemporaryFolder folder;
  ae::save(scaled(), folder / "one");
  ae::save(scaled(), folder / "other");
  CHECK(ae::read_file(folder / "one") == ae::read_file(folder / "other"));
}

TEST_CASE("after a load a fit begins anew with its moments") {
  const TemporaryFolder folder;
  const Matrix<float> x = Matrix<float>::Random(5, 60);
  ae::save(small(), folder / "model");
  auto used = small(2), fresh = small();
  used.fit(x, {.epochs = 3, .batch_size = 20});
  ae::load(used, folder / "model");
  CHECK(used.fit(x, {.epochs = 2, .batch_size = 20}).front().epoch == 0);
  fresh.fit(x, {.epochs = 2, .batch_size = 20});
  CHECK(bits(used) == bits(fresh));
}

TEST_CASE("another version is refused, and a file that is no model") {
  CHECK(refuses(with("ae.version", "2"), "ae.version: expected 1, found 2"));
  CHECK(refuses(without("ae.version"), "found none under ae.version;", "import_weights"));
  CHECK(refuses({}, "ae.version"));
  CHECK(refuses(with("ae.version", "one"), "ae.version: expected JSON, found \"one\""));
}

TEST_CASE("another model is refused at the first layer that differs") {
  const std::vector<Index> wide = {5, 6, 3}, deep = {5, 4, 3, 2};
  CHECK(refuses(file_of(small(1, wide)),
                R"(layer 0: expected {"activation":"elu","inputs":5,"outputs":4}, found )",
                R"({"activation":"elu","inputs":5,"outputs":6})"));
  CHECK(refuses(file_of(small<float, ae::Tanh>()), "layer 0", "elu", "tanh"));
  CHECK(refuses(file_of(small(1, deep)), "ae.layers: expected a list of 4 layers, found 6"));
  CHECK(refuses(with("ae.code_layer", "2"), "ae.code_layer: expected 1, found 2"));
  CHECK(refuses(with("ae.layers", "{}"), "ae.layers", "found {}"));
  CHECK(refuses(with("ae.layers", "[1, 2, 3, 4]"), "layer 0", "found 1"));
  const std::string nested = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  CHECK(refuses(with("ae.layers", nested), "8 levels"));
  CHECK(refuses(with("ae.version", nested), "8 levels"));
}

TEST_CASE("another slope of LeakyRelu is refused") {
  using Layer = ae::Dense<float, ae::LeakyRelu>;
  const auto leaky = [](double slope) {
    return StackedAutoencoder(Layer(3, 2, {slope}), ae::Dense<float>(2, 3));
  };
  const TemporaryFolder folder;
  ae::save(leaky(0.2), folder / "model");
  auto same = leaky(0.2), other = leaky(0.3);
  CHECK_NOTHROW(ae::load(same, folder / "model"));
  CHECK(says(message_of<FileError>([&] { ae::load(other, folder / "model"); }), "layer 0",
             "\"slope\":0.3", "\"slope\":0.2"));
}

TEST_CASE("tensors that are missing, too many or others are refused by name") {
  SafeTensors file = file_of(scaled());
  const ae::Tensor weight = file.tensors.at("2.weight");
  file.tensors.erase("2.weight");
  CHECK(refuses(file, "tensor \"2.weight\": expected this tensor, found none"));
  file.tensors["2.weight"] = ae::to_tensor(Matrix<double>::Zero(3, 4).eval());
  CHECK(refuses(file, "tensor \"2.weight\": expected F32 [3, 4], found F64 [3, 4]"));
  file.tensors["2.weight"] = ae::to_tensor(Matrix<float>::Zero(4, 3).eval());
  CHECK(refuses(file, "tensor \"2.weight\": expected F32 [3, 4], found F32 [4, 3]"));
  file.tensors["2.weight"] = weight;
  file.tensors["1.weight"] = weight;
  CHECK(refuses(file, "no tensors but the model's, found \"1.weight\""));
}

TEST_CASE("metadata that are none are refused") {
  CHECK(refuses(with("ae.scaler", "[]"),
                "ae.scaler: expected a mean, and a scale or one for each feature, found []"));
  CHECK(refuses(with("ae.scaler", R"({"mean":[1,2],"scale":1})"), "ae.scaler", "5 numbers", "2"));
  CHECK(refuses(with("ae.scaler", R"({"mean":[1,2,3,4,"x"],"scale":1})"), "ae.scaler", "found {"));
  CHECK(refuses(with("ae.scaler", R"({"mean":[1,2,3,4,5],"scale":0})"), "ae.scaler", "above 0"));
  CHECK(refuses(with("ae.scaler", R"({"mean":[1,2,3,4,1e99],"scale":1})"), "ae.scaler", "finite"));
  CHECK(refuses(with("ae.scaler", R"({"mean":[1,2,3,4,5],"scale":[1,2]})"), "ae.scaler",
                "5 numbers", "2"));
  CHECK(refuses(with("ae.scaler", R"({"mean":[1,2,3,4,5],"scale":[1,2,3,-1,5]})"), "ae.scaler",
                "found -1 for feature 3"));
  CHECK(refuses(with("ae.missing", "7"), "ae.missing: expected \"allowed\", found 7"));
  CHECK(refuses(with("ae.threshold", "\"high\""), "ae.threshold: expected a number, found \"high"));
  CHECK(refuses(with("ae.threshold", "1e999"), "ae.threshold: expected JSON"));
  CHECK(refuses(with("ae.probe", "7"), "ae.probe: expected an input and its reconstruction"));
  CHECK(refuses(with("ae.probe", R"({"input":[1],"reconstruction":[1]})"), "ae.probe", "5", "1"));
  CHECK(refuses(without("ae.probe"), "ae.probe"));
}

TEST_CASE("a model that makes something else of the probe is refused, rounding is not") {
  SafeTensors file = file_of(scaled());
  json probe = json::parse(file.metadata.at("ae.probe"));
  const double kept = probe["reconstruction"][2];
  probe["reconstruction"][2] = kept * (1 + 1e-5);
  file.metadata["ae.probe"] = probe.dump();
  const TemporaryFolder folder;
  ae::write_safetensors(file, folder / "model");
  CHECK_NOTHROW(ae::load<StackedAutoencoder<>>(folder / "model"));
  probe["reconstruction"][2] = 50;
  file.metadata["ae.probe"] = probe.dump();
  CHECK(refuses(file, "ae.probe: expected value 2 of the reconstruction to be 50, up to 0.04",
                ae::detail::text("found ", std::floor(kept))));

  file = file_of(scaled());
  file.tensors["0.weight"].bytes[3] = '\x7f';  // a weight of about 1e38
  CHECK(refuses(file, "ae.probe"));
}

TEST_CASE("sizes that cannot be are refused before a model is made of them") {
  CHECK(says(refusal_of_sizes(with_layers({5, 4, 0})), "ae.layers", "at least 1", "found 0"));
  CHECK(says(refusal_of_sizes(with_layers({5, -4, 3})), "ae.layers: expected layers"));
  CHECK(says(refusal_of_sizes(with_layers({5, 4.5, 3})), "ae.layers: expected layers"));
  CHECK(says(refusal_of_sizes(with_layers({5, 1000000000, 3})), "ae.layers", "found 1000000000"));
  CHECK(says(refusal_of_sizes(with_layers({5, ~std::uint64_t{0}, 3})), "ae.layers", "weights"));
  CHECK(says(refusal_of_sizes(with_layers({5, 4})), "ae.layers: expected layers"));
  for (const char* layer : {"-1", "18446744073709551615", "9", "1.5", "[]"}) {
    CAPTURE(layer);
    CHECK(says(refusal_of_sizes(with("ae.code_layer", layer)), "expected", "found"));
  }
}

TEST_CASE("a file cut short anywhere, an empty one and a missing one are refused") {
  const TemporaryFolder folder;
  ae::save(scaled(), folder / "whole");
  const std::string bytes = ae::read_file(folder / "whole");
  auto model = small(2);
  const std::string before = bits(model);
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    CAPTURE(size);
    put(folder / "short", bytes.substr(0, size));
    CHECK_THROWS_AS(ae::load(model, folder / "short"), FileError);
  }
  CHECK(says(message_of<FileError>([&] { ae::load(model, folder / "missing"); }),
             (folder / "missing").string(), "no such file"));
  CHECK(bits(model) == before);
}

TEST_CASE("a model that gives no finite numbers is not saved, nor one into a missing folder") {
  const TemporaryFolder folder;
  auto model = small();
  CHECK(says(message_of<FileError>([&] { ae::save(model, folder / "no" / "model"); }),
             "cannot be written"));
  model.set_weight(0, Matrix<float>::Constant(4, 5, std::nanf("")));
  CHECK(says(message_of<FileError>([&] { ae::save(model, folder / "model"); }), "finite"));
  CHECK(entries(folder.path()) == 0);
}

TEST_CASE("layers of other sizes are refused") {
  auto model = small();
  const std::vector<Index> other = {5, 2, 3};
  CHECK(says(message_of<ae::ShapeError>([&] { model.set_network(small(1, other).network()); }),
             "expected layers of 4 x 5, 3 x 4", "found 2 x 5, 3 x 2"));
}

TEST_CASE("a model whose decoder does not mirror its encoder is loaded from its file alone") {
  using Model = ae::StackedAutoencoder<float>;
  const TemporaryFolder folder;
  const Model model(ae::Stack<float>({6, 5, 4, 2}), ae::Stack<float, ae::Elu, ae::Identity>({2, 6}),
                    4);
  ae::save(model, folder / "model");
  const auto loaded = ae::load<Model>(folder / "model");
  CHECK(loaded.layers() == 4);
  CHECK(loaded.code_size() == 2);
  const Matrix<float> x = Matrix<float>::Random(6, 9);
  CHECK(loaded.reconstruct(x) == model.reconstruct(x));
}

TEST_CASE("a plain file of tensors is no model, and the message says what takes it") {
  const TemporaryFolder folder;
  ae::write_safetensors({{{"0.weight", ae::to_tensor(Matrix<float>::Ones(2, 3).eval())}}, {}},
                        folder / "torch");
  const std::string error =
      message_of<ae::FileError>([&] { ae::load<ae::StackedAutoencoder<>>(folder / "torch"); });
  CHECK(says(error, "ae.version, ae.layers, ae.code_layer, ae.probe", "ae::import_weights"));
}
