#include "ae/detail/tools/mahalanobis_score-inl.hpp"
