#include "ae/io/model_file.hpp"

#include <limits>

#include "support/expect.hpp"
#include "support/files.hpp"

using ae::FileError;
using ae::Index;
using ae::Matrix;

namespace {

/// A model of any kind, with the two functions under test.
template <class Network_>
struct Model {
  using Network = Network_;
  using Scalar = typename Network::Scalar;

  Network network;
  ae::Scaler<Scalar> scaler = {};

  void save(const std::filesystem::path& path) const { ae::save_model(path, network, scaler); }
  void load(const std::filesystem::path& path) { ae::load_model(path, network, scaler); }

  /// Every bit that a load may change.
  std::string bits() const {
    Network copy = network;
    ae::Vector<Scalar> mean = scaler.mean();
    Scalar scale = scaler.scale();
    std::string all;
    ae::detail::for_each_block(copy, mean, scale, true,
                               [&](const char* data, std::size_t size) { all.append(data, size); });
    return all;
  }
};

template <class Scalar = float, class Hidden = ae::Elu>
using Small = Model<ae::Stack<Scalar, Hidden, ae::Identity>>;

/// Weights and biases drawn from the seed.
template <class M = Small<>>
M drawn(std::uint64_t seed, const std::vector<Index>& sizes = {3, 2, 3}) {
  using Scalar = typename M::Scalar;
  M model{typename M::Network(sizes)};
  for (Index i = 0; i < model.network.size(); ++i) {
    model.network.visit(i, [&](auto& layer) {
      const ae::Random random(seed, ae::Purpose::initialise, static_cast<std::uint32_t>(i));
      layer.initialize(ae::XavierNormal{}, random);
      layer.set_bias(Matrix<Scalar>::Constant(layer.outputs(), 1, static_cast<Scalar>(seed)));
    });
  }
  return model;
}

template <class M = Small<>>
M with_scaler(M model) {
  using Scalar = typename M::Scalar;
  model.scaler = {ae::Vector<Scalar>::LinSpaced(3, -1, 2), Scalar(0.7)};
  return model;
}

/// The file of a model.
template <class M>
std::string file_of(const M& model) {
  const TemporaryFolder folder;
  model.save(folder / "model");
  return ae::read_file(folder / "model");
}

/// True if these bytes are refused by a message that names the path and says the pieces, and the
/// model, which has a scaler, stays as it was.
template <class M = Small<>, class... Pieces>
bool refuses(const std::string& bytes, const Pieces&... pieces) {
  const TemporaryFolder folder;
  put(folder / "model", bytes);
  M model = with_scaler(drawn<M>(9));
  const std::string before = model.bits();
  const std::string message = message_of<FileError>([&] { model.load(folder / "model"); });
  return says(message, (folder / "model").string(), "expected", "found", pieces...) &&
         model.bits() == before;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

/// The bytes with the number `place` of floats behind the header overwritten.
std::string with_number(std::string bytes, std::size_t place, float number) {
  const std::size_t at = bytes.find("\n\n") + 2 + place * sizeof number;
  return bytes.replace(at, sizeof number, reinterpret_cast<const char*>(&number), sizeof number);
}

}  // namespace

TEST_CASE_TEMPLATE("a model comes back bit by bit", Scalar, float, double) {
  const TemporaryFolder folder;
  const auto saved = drawn<Small<Scalar>>(1);
  for (const auto& model : {saved, with_scaler(saved)}) {
    model.save(folder / "model");
    auto loaded = drawn<Small<Scalar>>(2);
    loaded.load(folder / "model");
    CHECK(loaded.bits() == model.bits());
    CHECK(loaded.scaler.is_identity() == model.scaler.is_identity());
  }
}

TEST_CASE("a file without a scaler takes the model's away") {
  const TemporaryFolder folder;
  drawn(1).save(folder / "model");
  Small<> model = with_scaler(drawn(2));
  model.load(folder / "model");
  CHECK(model.scaler.is_identity());
}

TEST_CASE("a file begins with what it holds, in lines of text") {
  CHECK(file_of(drawn(1)).starts_with(
      "ae model, version 1\nfloat32\nlayer 2 x 3 elu\nlayer 3 x 2 identity\nscaler no\n\n"));
  CHECK(file_of(with_scaler(drawn<Small<double, ae::Tanh>>(1)))
            .starts_with("ae model, version 1\nfloat64\nlayer 2 x 3 tanh\nlayer 3 x 2 identity\n"
                         "scaler yes\n\n"));
}

TEST_CASE("the same model gives the same file") {
  CHECK(file_of(with_scaler(drawn(1))) == file_of(with_scaler(drawn(1))));
}

TEST_CASE("a file of another version is refused") {
  CHECK(refuses(replaced(file_of(drawn(1)), "version 1", "version 2"),
                "line 1: expected \"ae model, version 1\", found \"ae model, version 2\""));
}

TEST_CASE("a file of another scalar type is refused") {
  CHECK(
      refuses(file_of(drawn<Small<double>>(1)), "line 2: expected \"float32\", found \"float64\""));
}

TEST_CASE("a file of other shapes is refused") {
  CHECK(refuses(file_of(drawn(1, {3, 4, 3})),
                "line 3: expected \"layer 2 x 3 elu\", found \"layer 4 x 3 elu\""));
}

TEST_CASE("a file of another activation is refused") {
  CHECK(refuses(file_of(drawn<Small<float, ae::Tanh>>(1)),
                "line 3: expected \"layer 2 x 3 elu\", found \"layer 2 x 3 tanh\""));
}

TEST_CASE("a file of more or fewer layers is refused") {
  CHECK(refuses(file_of(drawn(1, {3, 2, 3, 2})), "line 4: expected \"layer 3 x 2 identity\""));
  CHECK(refuses(file_of(drawn(1, {3, 2})), "line 3", "found \"layer 2 x 3 identity\""));
}

TEST_CASE("a file with the line ends of another system is refused") {
  CHECK(refuses(replaced(file_of(drawn(1)), "\n", "\r\n"), "line 1"));
}

TEST_CASE("a file cut short anywhere is refused") {
  for (const Small<>& model : {drawn(1), with_scaler(drawn(1))}) {
    const std::string bytes = file_of(model);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CAPTURE(size);
      CHECK(refuses(bytes.substr(0, size)));
    }
  }
}

TEST_CASE("a file cut short behind its header is refused by its size") {
  const std::string bytes = file_of(drawn(1));
  CHECK(refuses(bytes.substr(0, bytes.size() - 1),
                ae::text("expected ", bytes.size(), " bytes, found ", bytes.size() - 1)));
}

TEST_CASE("a file with a scaler, cut behind the line that says so, is not expected to have none") {
  const std::string bytes = file_of(with_scaler(drawn(1)));
  const TemporaryFolder folder;
  put(folder / "model", bytes.substr(0, bytes.find("\n\n") + 1));
  Small<> model = drawn(2);
  const std::string message = message_of<FileError>([&] { model.load(folder / "model"); });
  CHECK(message.find("scaler no") == std::string::npos);
}

TEST_CASE("a file with bytes too many is refused") {
  const std::string bytes = file_of(with_scaler(drawn(1)));
  CHECK(refuses(bytes + '\0',
                ae::text("expected ", bytes.size(), " bytes, found ", bytes.size() + 1)));
}

TEST_CASE("an empty file is refused") {
  CHECK(refuses("", "line 1", "found \"\""));
}

TEST_CASE("random bytes are refused") {
  const ae::Random random(1, ae::Purpose::draw);
  std::string bytes;
  for (std::uint64_t i = 0; i < 1000; ++i) bytes += static_cast<char>(random.below(i, 256));
  for (const std::size_t size : {1u, 10u, 1000u}) CHECK(refuses(bytes.substr(0, size), "line 1"));
}

TEST_CASE("a file whose scaler is out of range is refused as a file") {
  const std::string bytes = file_of(with_scaler(drawn(1)));
  CHECK(refuses(with_number(bytes, 0, std::numeric_limits<float>::quiet_NaN())));
  CHECK(refuses(with_number(bytes, 3, 0)));
  CHECK(refuses(with_number(bytes, 3, -1)));
}

TEST_CASE("a missing file is refused and the model stays as it was") {
  const TemporaryFolder folder;
  Small<> model = with_scaler(drawn(1));
  const std::string before = model.bits();
  CHECK(says(message_of<FileError>([&] { model.load(folder / "missing"); }),
             (folder / "missing").string(), "no such file"));
  CHECK(model.bits() == before);
}

TEST_CASE("a model cannot be saved to a missing folder") {
  const TemporaryFolder folder;
  const auto path = folder / "missing" / "model";
  CHECK(says(message_of<FileError>([&] { drawn(1).save(path); }), path.string(),
             "cannot be written"));
}
