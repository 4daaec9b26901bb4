#include "ae/detail/training/resume.hpp"

#include "support/expect.hpp"

using ae::detail::FitPlan;
using Position = ae::detail::FitPosition<float>;

namespace {

const FitPlan plan = ae::detail::plan_of({.epochs = 3, .batch_size = 10, .seed = 7}, 45);

Position stopped() {
  Position at;
  at.plan = plan;
  at.epoch = 2;
  at.step = 4;
  at.history.resize(2);
  return at;
}

/// What going on from a position of a fit of 3 epochs of 5 steps says, one of its members changed.
template <class Value>
std::string refusal(Value Position::*member, Value value) {
  Position at = stopped();
  at.*member = value;
  return message_of<ae::OptionError>([&] { ae::detail::require_resumable(at, plan, 5); });
}

}  // namespace

TEST_CASE("a fit begins, and goes on with the plan that it had") {
  CHECK_NOTHROW(ae::detail::require_resumable(Position{}, plan, 5));
  CHECK_NOTHROW(ae::detail::require_resumable(stopped(), plan, 5));
  FitPlan other = plan;
  other.learning_rate = 0.5;
  CHECK(
      says(message_of<ae::OptionError>([&] { ae::detail::require_resumable(stopped(), other, 5); }),
           "learning_rate 0.5 and not ", "without resume"));
}

TEST_CASE("a position outside the fit is refused") {
  CHECK(says(refusal(&Position::epoch, ae::Index{4}), "3 epochs of 5 steps", "epoch 4"));
  CHECK(says(refusal(&Position::epoch, ae::Index{-1}), "epoch -1"));
  CHECK(says(refusal(&Position::step, ae::Index{5}), "step 5"));
  CHECK(says(refusal(&Position::step, ae::Index{-1}), "step -1"));
  CHECK(says(refusal(&Position::best_epoch, ae::Index{3}), "expected a position"));
  CHECK(says(refusal(&Position::history, ae::History(3)), "3 reports"));
  CHECK(says(refusal(&Position::plan, FitPlan{}), "epoch 2"));
}
