#include "ae/linalg/partition.hpp"

#include "support/expect.hpp"

using ae::Index;
using ae::Range;

namespace {

/// How often each element of a result is in a share; every rectangle must begin at a tile.
Eigen::ArrayXXi visits(Index rows, Index cols, Index parts) {
  Eigen::ArrayXXi count = Eigen::ArrayXXi::Zero(rows, cols);
  for (Index part = 0; part < parts; ++part) {
    ae::linalg::Partition(rows, cols, 64, 6, 16)
        .for_each_rectangle(part, parts, [&](Range r, Range c) {
          CHECK(r.first % 64 == 0);
          CHECK(c.first % 6 == 0);
          count.block(r.first, c.first, r.size, c.size) += 1;
        });
  }
  return count;
}

}  // namespace

TEST_CASE("shares cover a result once, whatever its size and the number of threads") {
  for (const Index rows : {1, 15, 64, 65, 150, 300, 1024}) {
    for (const Index cols : {1, 6, 7, 150, 301}) {
      for (const Index parts : {1, 2, 3, 7, 16}) {
        CAPTURE(rows);
        CAPTURE(cols);
        CAPTURE(parts);
        CHECK((visits(rows, cols, parts) == 1).all());
      }
    }
  }
}

TEST_CASE("two shares of a product of the horse network differ by at most a tile") {
  Index packets[2] = {0, 0};
  for (const Index part : {0, 1}) {
    ae::linalg::Partition(300, 150, 64, 6, 16).for_each_rectangle(part, 2, [&](Range r, Range c) {
      packets[part] += (r.size + 15) / 16 * ((c.size + 5) / 6);
    });
  }
  CHECK(packets[0] + packets[1] == 19 * 25);
  CHECK(std::abs(packets[0] - packets[1]) <= 4);
}
