#pragma once

/// How often `operator new` was called in this program so far. Eigen's own allocations are watched
/// by Eigen's run-time check. Always 0 under a sanitizer, which has an `operator new` of its own.
long allocations();
