#include "ae/detail/linalg/partition.hpp"

#include <atomic>
#include <thread>

#include "support/expect.hpp"

using ae::Index;
using ae::Range;
using ae::detail::Partition;
using ae::detail::TakenPieces;

namespace {

constexpr Index height = 64, width = 6, packet = 16;

std::vector<TakenPieces> nothing_taken(Index parts) {
  return std::vector<TakenPieces>(static_cast<std::size_t>(Partition::run_count(parts)));
}

/// How often each element of a result is in a share; every tile must begin where tiles begin.
Eigen::ArrayXXi visits(Index rows, Index cols, Index parts) {
  Eigen::ArrayXXi count = Eigen::ArrayXXi::Zero(rows, cols);
  auto taken = nothing_taken(parts);
  for (Index part = 0; part < parts; ++part) {
    Partition(rows, cols, height, width, packet)
        .for_each_tile(part, parts, taken, [&](Range r, Range c) {
          CHECK(r.first % height == 0);
          CHECK(c.first % width == 0);
          count.block(r.first, c.first, r.size, c.size) += 1;
        });
  }
  return count;
}

Index packets(Range rows) {
  return (rows.size + packet - 1) / packet;
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

TEST_CASE("threads that do not come leave their tiles to those that do") {
  const Partition partition(300, 150, height, width, packet);
  for (const Index parts : {2, 3, 4, 7}) {
    for (Index part = 0; part < parts; ++part) {
      auto taken = nothing_taken(parts);
      Index tiles = 0;
      partition.for_each_tile(part, parts, taken, [&](Range, Range) { ++tiles; });
      CHECK(tiles == 5 * 25);
    }
  }
}

TEST_CASE("the runs of two pairs of threads differ by less than two tiles") {
  for (const Index rows : {65, 150, 300, 1024}) {
    const Partition partition(rows, 150, height, width, packet);
    auto taken = nothing_taken(4);
    Index first = 0, second = 0;
    // The second pair comes when its own run is all that is left, as the first cannot take it.
    taken[1].attempts = rows * 150;
    partition.for_each_tile(0, 4, taken, [&](Range r, Range) { first += packets(r); });
    taken[1].attempts = 0;
    partition.for_each_tile(2, 4, taken, [&](Range r, Range) { second += packets(r); });
    CHECK(first + second == (rows + packet - 1) / packet * 25);
    CHECK(std::abs(first - second) <= 2 * height / packet);
  }
}

TEST_CASE("a thread that is disturbed leaves its tiles to the other of its pair") {
  const Partition partition(300, 150, height, width, packet);
  std::atomic<bool> finished = false;
  auto taken = nothing_taken(2);
  Index slow = 0, quick = 0;
  std::thread other([&] {
    partition.for_each_tile(1, 2, taken, [&](Range, Range) { ++quick; });
    finished = true;
    finished.notify_one();
  });
  partition.for_each_tile(0, 2, taken, [&](Range, Range) {
    finished.wait(false);
    ++slow;
  });
  other.join();
  CHECK(slow + quick == 5 * 25);
  CHECK(slow < 16);  // one piece
}
