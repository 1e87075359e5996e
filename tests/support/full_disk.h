// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace luthien::test {

/// A disk that is full from a chosen write on: this program's own write(), pwrite(), posix_fallocate(), ftruncate() to
/// more, and open() of a file that is not there come before the system's, for SQLite, too, and fail with ENOSPC below a
/// directory. From then on nothing waits for the real disk: fsync() and fdatasync() do nothing. Thread: any.
namespace full_disk {

/// The write number from (1 = the next) fails, and so do the count - 1 after it. meanwhile is run by each that is
/// refused, before it knows.
void refuse(const std::string& directory, int from, int count, std::function<void()> meanwhile = {});
/// There is room again.
void free();
/// Writes below the directory since refuse(), files made and made longer counted.
[[nodiscard]] int writes();
[[nodiscard]] int refusals();

} // namespace full_disk
} // namespace luthien::test
