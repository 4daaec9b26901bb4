#include "ae/data/ranking.hpp"

#include <cmath>

#include "support/expect.hpp"

using Values = std::vector<double>;

namespace {

// What scikit-learn 1.9.1 gives of these, with y = [0] * 7 + [1] * 5 and s = negatives + positives:
// roc_auc_score(y, s), average_precision_score(y, s), roc_curve(y, s, drop_intermediate=False),
// precision_recall_curve(y, s), and f1_score(y, s >= t) for each score t.
const Values negatives{0.1, 0.4, 0.35, 0.8, -1.5, 0.4, 0.2};
const Values positives{0.9, 0.4, 0.7, 0.35, 3.25};

/// The same of i = arange(200), s = (i * 37) % 101 / 8.0 - i % 3, y = (i * i * 7) % 11 < 3.
struct Many {
  Values negatives, positives;
  Many() {
    for (int i = 0; i < 200; ++i) {
      const double score = i * 37 % 101 / 8.0 - i % 3;
      (i * i * 7 % 11 < 3 ? positives : negatives).push_back(score);
    }
  }
};

}  // namespace

TEST_CASE("the area under the curve is the share of pairs in order") {
  CHECK(ae::area_under_curve({1, 2, 3}, {4, 5}) == 1);
  CHECK(ae::area_under_curve({4, 5}, {1, 2, 3}) == 0);
  CHECK(ae::area_under_curve({1, 3}, {2, 4}) == 0.75);
  CHECK(ae::area_under_curve({2, 2}, {2}) == 0.5);
  CHECK(ae::area_under_curve(ae::Vector<double>{{1, 3}}, ae::Vector<double>{{2, 4}}) == 0.75);
}

TEST_CASE("areas are scikit-learn's") {
  CHECK(ae::area_under_curve(negatives, positives) == doctest::Approx(0.8142857142857143));
  CHECK(ae::average_precision(negatives, positives) == doctest::Approx(0.7753968253968253));
  const Many many;
  CHECK(ae::area_under_curve(many.negatives, many.positives) ==
        doctest::Approx(0.5638871473354232).epsilon(1e-12));
  CHECK(ae::average_precision(many.negatives, many.positives) ==
        doctest::Approx(0.3122992485814163).epsilon(1e-12));
  CHECK(ae::average_precision({2, 2, 2}, {2}) == 0.25);
  CHECK(ae::average_precision({1, 2}, {3}) == 1);
}

TEST_CASE("curves are scikit-learn's") {
  const Values scores{3.25, 0.9, 0.8, 0.7, 0.4, 0.35, 0.2, 0.1, -1.5};
  const Values recalls{0.2, 0.4, 0.4, 0.6, 0.8, 1, 1, 1, 1};
  const Values false_positives{0,          0,          0.14285714, 0.14285714, 0.42857143,
                               0.57142857, 0.71428571, 0.85714286, 1};
  const Values precisions{1,          1,   0.66666667, 0.75,      0.57142857,
                          0.55555556, 0.5, 0.45454545, 0.41666667};
  const auto roc = ae::roc_curve(negatives, positives);
  const auto curve = ae::precision_recall_curve(negatives, positives);
  REQUIRE(roc.size() == scores.size() + 1);
  REQUIRE(curve.size() == scores.size());
  CHECK(roc[0].threshold == HUGE_VAL);
  CHECK(roc[0].false_positives == 0);
  CHECK(roc[0].true_positives == 0);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    CAPTURE(i);
    CHECK(roc[i + 1].threshold == scores[i]);
    CHECK(roc[i + 1].false_positives == doctest::Approx(false_positives[i]).epsilon(1e-7));
    CHECK(roc[i + 1].true_positives == doctest::Approx(recalls[i]));
    CHECK(curve[i].threshold == scores[i]);
    CHECK(curve[i].precision == doctest::Approx(precisions[i]).epsilon(1e-7));
    CHECK(curve[i].recall == doctest::Approx(recalls[i]));
  }
}

TEST_CASE("the best F1 is scikit-learn's, and its threshold parts the samples so") {
  const auto best = ae::best_f1(negatives, positives);
  CHECK(best.f1 == doctest::Approx(0.7142857142857143));
  CHECK(best.threshold == doctest::Approx((0.35 + 0.2) / 2));
  const Many many;
  const auto other = ae::best_f1(many.negatives, many.positives);
  CHECK(other.f1 == doctest::Approx(0.4382022471910113).epsilon(1e-12));
  CHECK(other.threshold == (4.0 + 3.75) / 2);

  const double next = std::nextafter(1.0, 2.0);  // nothing lies between
  CHECK(ae::best_f1({1}, {next}).threshold == 1);
  CHECK(ae::best_f1({5}, {1}).threshold < 1);  // all of them
  CHECK(ae::best_f1({5}, {1}).f1 == doctest::Approx(2.0 / 3));
  const double most = std::numeric_limits<double>::max();
  CHECK(ae::best_f1({-most}, {most}).threshold == 0);
}

TEST_CASE("precision at k counts ties by their share") {
  CHECK(ae::precision_at(negatives, positives, 1) == 1);
  CHECK(ae::precision_at(negatives, positives, 3) == doctest::Approx(2.0 / 3));
  CHECK(ae::precision_at(negatives, positives, 5) == doctest::Approx((3 + 1.0 / 3) / 5));
  CHECK(ae::precision_at(negatives, positives, 12) == doctest::Approx(5.0 / 12));
  for (const ae::Index k : {0, -1, 13}) {
    CHECK(says(message_of<ae::OptionError>([&] { ae::precision_at(negatives, positives, k); }),
               "from 1 to the 12 samples", ae::detail::text("found ", k)));
  }
}

TEST_CASE("scores of both kinds are needed, all of them finite") {
  const auto refused = [](const Values& low, const Values& high, auto... pieces) {
    const auto each = [&]<class E>(E, auto&& f) {
      return says(message_of<E>([&] { f(low, high); }), pieces...);
    };
    const auto all = [&]<class E>(E kind) {
      return each(kind, [](auto& a, auto& b) { ae::area_under_curve(a, b); }) &&
             each(kind, [](auto& a, auto& b) { ae::average_precision(a, b); }) &&
             each(kind, [](auto& a, auto& b) { ae::precision_at(a, b, 1); }) &&
             each(kind, [](auto& a, auto& b) { ae::best_f1(a, b); }) &&
             each(kind, [](auto& a, auto& b) { ae::roc_curve(a, b); }) &&
             each(kind, [](auto& a, auto& b) { ae::precision_recall_curve(a, b); });
    };
    return low.empty() || high.empty() ? all(ae::OptionError("")) : all(ae::DataError(""));
  };
  CHECK(refused({}, {1}, "scores of both kinds", "found 0 and 1"));
  CHECK(refused({1, 2}, {}, "scores of both kinds", "found 2 and 0"));
  CHECK(refused({1, 2, std::nan("")}, {4, 5}, "negatives", "found nan as value 2"));
  CHECK(refused({1, 2}, {4, HUGE_VAL}, "positives", "found inf as value 1"));
  CHECK(refused({-HUGE_VAL, 2}, {4}, "negatives", "found -inf as value 0"));
}
