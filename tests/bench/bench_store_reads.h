// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report.h"
#include "store/store.h"
#include "support/test_database.h"

#include <memory>

namespace luthien::bench {

/// Ends the program if it cannot be opened.
[[nodiscard]] std::unique_ptr<store::Store> openToRecord(const test::TestDatabase& database);

/// Fills a database with so many calls of ten events each, a tenth of them in one session, and prints how long readers
/// then wait for pages at random places while two workers record 60,000 events a second.
void reportReads(Report& report, const QString& engine, int calls);

} // namespace luthien::bench
