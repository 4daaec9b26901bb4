#include "ae/data/batch_sampler.hpp"

#include <algorithm>
#include <map>

#include "support/expect.hpp"

using ae::BatchSampler;
using ae::Index;
using ae::Order;

using Numbers = std::vector<Index>;

namespace {

/// The sample numbers of an epoch, batch after batch.
Numbers epoch(BatchSampler& batches, Index number) {
  batches.start(number);
  Numbers all;
  for (Index step = 0; step < batches.size(); ++step) {
    all.insert(all.end(), batches[step].begin(), batches[step].end());
  }
  return all;
}

Numbers epoch(BatchSampler&& batches, Index number) {
  return epoch(batches, number);
}

Numbers sizes(BatchSampler batches) {
  batches.start(0);
  Numbers all;
  for (Index step = 0; step < batches.size(); ++step) {
    all.push_back(static_cast<Index>(batches[step].size()));
  }
  return all;
}

BatchSampler shuffled(Index samples, Index batch_size, std::uint64_t seed = 1) {
  return {samples, batch_size, Order::shuffled, seed};
}

BatchSampler sequential(Index samples, Index batch_size) {
  return {samples, batch_size, Order::sequential, 1};
}

Numbers counted(Index count) {
  Numbers numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), Index{0});
  return numbers;
}

}  // namespace

TEST_CASE("a shuffled epoch holds every sample once") {
  BatchSampler batches = shuffled(1000, 150);
  for (const Index number : {0, 1, 7}) {
    Numbers numbers = epoch(batches, number);
    CHECK(numbers != counted(1000));
    std::sort(numbers.begin(), numbers.end());
    CHECK(numbers == counted(1000));
  }
}

TEST_CASE("another epoch and another seed have another order") {
  const Numbers first = epoch(shuffled(100, 10), 0);
  CHECK(epoch(shuffled(100, 10), 1) != first);
  CHECK(epoch(shuffled(100, 10, 2), 0) != first);
}

TEST_CASE("the same seed and epoch have the same order, whatever came before") {
  BatchSampler batches = shuffled(100, 10);
  epoch(batches, 0);
  CHECK(epoch(batches, 5) == epoch(shuffled(100, 10), 5));
}

TEST_CASE("the order does not hang on the batch size") {
  CHECK(epoch(shuffled(100, 10), 3) == epoch(shuffled(100, 7), 3));
}

TEST_CASE("every order of three samples comes about equally often") {
  constexpr Index epochs = 6000;
  BatchSampler batches = shuffled(3, 3);
  std::map<Numbers, int> counts;
  for (Index number = 0; number < epochs; ++number) ++counts[epoch(batches, number)];
  CHECK(counts.size() == 6);
  for (const auto& [order, count] : counts) CHECK(std::abs(count - 1000) < 5 * 29);
}

TEST_CASE("the last batch of a shuffled epoch may be smaller") {
  CHECK(sizes(shuffled(10, 4)) == Numbers{4, 4, 2});
  CHECK(sizes(shuffled(8, 4)) == Numbers{4, 4});
  CHECK(sizes(shuffled(3, 1)) == Numbers{1, 1, 1});
  CHECK(shuffled(10, 4).picked() == 10);
}

TEST_CASE("a batch larger than a shuffled set is the set") {
  CHECK(sizes(shuffled(3, 150)) == Numbers{3});
}

TEST_CASE("in sequential order there are whole batches only") {
  CHECK(sizes(sequential(10, 4)) == Numbers{4, 4});
  CHECK(sizes(sequential(10, 10)) == Numbers{10});
  CHECK(sequential(10, 4).picked() == 8);
}

TEST_CASE("a sequential order goes on over the end of the set into the next epoch") {
  BatchSampler batches = sequential(10, 4);
  CHECK(epoch(batches, 0) == Numbers{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(epoch(batches, 1) == Numbers{8, 9, 0, 1, 2, 3, 4, 5});
  CHECK(epoch(batches, 2) == Numbers{6, 7, 8, 9, 0, 1, 2, 3});
  CHECK(epoch(batches, 5) == epoch(batches, 0));
}

TEST_CASE("a sequential order of whole batches is the file order every time") {
  BatchSampler batches = sequential(8, 4);
  CHECK(epoch(batches, 0) == counted(8));
  CHECK(epoch(batches, 3) == counted(8));
}

TEST_CASE("a batch size below 1 is refused") {
  for (const Index size : {0, -5}) {
    const std::string found = ae::detail::text("found ", size);
    CHECK(says(message_of<ae::OptionError>([&] { shuffled(10, size); }), "at least 1", found));
    CHECK(says(message_of<ae::OptionError>([&] { sequential(10, size); }), "at least 1", found));
  }
}

TEST_CASE("a sequential order with batches larger than the set is refused") {
  CHECK(says(message_of<ae::OptionError>([] { sequential(10, 11); }), "10 samples", "found 11"));
}

TEST_CASE("blocks come in a new order each epoch, and are shuffled window by window") {
  const ae::BlockShuffle blocks{.samples = 10, .window = 3};
  BatchSampler batches(100, 7, Order::blocks, 4, blocks);  // windows of 3, 3, 3 and 1 block
  const Numbers first = epoch(batches, 0), second = epoch(batches, 1);
  CHECK(first != second);
  CHECK(epoch(BatchSampler(100, 7, Order::blocks, 4, blocks), 1) == second);
  CHECK(epoch(BatchSampler(100, 7, Order::blocks, 5, blocks), 1) != second);
  for (const Numbers& order : {first, second}) {
    for (std::ptrdiff_t at = 0; at < 100; at += 30) {
      const auto begin = order.begin() + at, end = begin + std::min<std::ptrdiff_t>(30, 100 - at);
      std::map<Index, Index> counts;  // of samples, in each block
      for (auto sample = begin; sample != end; ++sample) ++counts[*sample / 10];
      for (const auto& [block, count] : counts) CHECK(count == 10);
      CHECK_FALSE(std::is_sorted(begin, end));
    }
  }
}

TEST_CASE("the last window, of fewer blocks, is shuffled as one") {
  const Numbers order =
      epoch(BatchSampler(50, 7, Order::blocks, 4, {.samples = 10, .window = 3}), 0);
  std::map<Index, Index> counts;  // of samples of each block, in the first half of the last window
  for (std::size_t place = 30; place < 40; ++place) ++counts[order[place] / 10];
  CHECK(counts.size() == 2);
}

TEST_CASE("blocks have every sample once, those of a smaller last block too") {
  Numbers all = epoch(BatchSampler(95, 7, Order::blocks, 4, {.samples = 10, .window = 3}), 0);
  std::ranges::sort(all);
  Numbers expected(95);
  std::iota(expected.begin(), expected.end(), Index{0});
  CHECK(all == expected);
}

TEST_CASE("where two samples of a window land does not hang together") {
  // The mean place of each sample over many epochs is the middle, as it is without blocks.
  BatchSampler batches(40, 8, Order::blocks, 1, {.samples = 5, .window = 2});
  std::vector<double> places(40);
  constexpr int epochs = 400;
  for (int number = 0; number < epochs; ++number) {
    const Numbers order = epoch(batches, number);
    for (std::size_t place = 0; place < order.size(); ++place) {
      places[static_cast<std::size_t>(order[place])] += static_cast<double>(place) / epochs;
    }
  }
  for (const double place : places) CHECK(std::abs(place - 19.5) < 3);  // five deviations
}

TEST_CASE("blocks and windows of none are refused") {
  const auto make = [](ae::BlockShuffle blocks) {
    return message_of<ae::OptionError>([&] { BatchSampler(9, 3, Order::blocks, 0, blocks); });
  };
  CHECK(says(make({.samples = 0}), "expected blocks and windows of at least 1, found 0 and 64"));
  CHECK(says(make({.window = -1}), "found 256 and -1"));
}

TEST_CASE("samples can be spread over a number of batches") {
  CHECK(sizes(BatchSampler::spread(10, 4, Order::shuffled, 1)) == Numbers{2, 3, 2, 3});
  CHECK(sizes(BatchSampler::spread(2, 4, Order::shuffled, 1)) == Numbers{0, 1, 0, 1});
  Numbers all = epoch(BatchSampler::spread(10, 4, Order::shuffled, 1), 0);
  std::ranges::sort(all);
  CHECK(all == Numbers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(says(message_of<ae::OptionError>([] { BatchSampler::spread(10, 0, Order::shuffled, 1); }),
             "expected at least 1 batch, found 0"));
}
