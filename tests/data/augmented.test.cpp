#include "ae/data/augmented.hpp"

#include "ae/detail/data/source.hpp"
#include "ae/parts/augmentation.hpp"
#include "support/expect.hpp"

using ae::Index;
using ae::Matrix;

TEST_CASE("every sample is there as often as asked for, changed in its own way") {
  const Matrix<double> x = Matrix<double>::Random(4, 30);
  const ae::detail::MatrixSource<double> source(x);
  const ae::Augmented all(source, ae::RandomFlipAndShift{2}, 3);
  CHECK(all.samples() == 90);
  CHECK(all.features() == 4);
  std::vector<Index> picks(90);
  for (std::size_t i = 0; i < 90; ++i) picks[i] = static_cast<Index>(i);
  Matrix<double> read(4, 90), again(4, 1);
  all.read<double>(picks, read);
  int mirrored = 0;
  for (Index i = 0; i < 90; ++i) {
    const bool same = read.col(i) == x.col(i / 3);
    mirrored += !same;
    CHECK((same || read(0, i) == x(1, i / 3)));
  }
  CHECK(mirrored > 25);
  CHECK(mirrored < 65);
  all.read<double>(std::span<const Index>(&picks[50], 1), again);
  CHECK(again.col(0) == read.col(50));
  CHECK(says(
      message_of<ae::OptionError>([&] { ae::Augmented(source, ae::RandomFlipAndShift{2}, 0); }),
      "1 copy", "0"));
}
