#include "ae/data/joined.hpp"

#include "ae/data/npy.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

TEST_CASE("sources one behind the other are read as one") {
  const Matrix<float> a = Matrix<float>::Random(3, 4), b = Matrix<float>::Random(3, 1),
                      c = Matrix<float>::Random(3, 90);
  std::vector<ae::ByteSource> parts;
  for (const auto* part : {&a, &b, &c}) parts.push_back(ae::npy::parse(ae::npy::file_of(*part)));
  const ae::Joined all(parts);
  Matrix<float> expected(3, 95), found(3, 95);
  expected << a, b, c;
  CHECK(all.samples() == 95);
  CHECK(all.features() == 3);
  std::vector<Index> picks(95);
  for (Index i = 0; i < 95; ++i) picks[static_cast<std::size_t>(i)] = (i * 7 + 3) % 95;
  all.read<float>(picks, found);
  for (Index i = 0; i < 95; ++i) CHECK((found.col(i) == expected.col((i * 7 + 3) % 95)));
  all.read_ahead(picks);
  const std::vector<Index> ordered{3, 4, 5};
  Matrix<float> three(3, 3);
  all.read<float>(ordered, three);
  CHECK((three == expected.middleCols(3, 3)));
}

TEST_CASE("no source, and sources of other samples, are refused") {
  CHECK(says(message_of<ae::ShapeError>([] { ae::Joined<ae::ByteSource>({}); }),
             "expected at least one source, found none"));
  const auto part = [](Index rows) {
    return ae::npy::parse(ae::npy::file_of(Matrix<float>::Zero(rows, 2)));
  };
  CHECK(says(message_of<ae::ShapeError>([&] {
               ae::Joined(std::vector{part(3), part(2)});
             }),
             "samples of 3 values as in source 0, found 2 in source 1"));
}
