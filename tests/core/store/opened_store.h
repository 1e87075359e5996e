// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/store.h"
#include "support/test_database.h"

#include <QtGlobal>

#include <cstdint>
#include <memory>
#include <utility>

namespace luthien::test {

/// A small store; null, with a line that says why, if it cannot be opened.
inline std::unique_ptr<store::Store> openStore(const TestDatabase& database, std::uint64_t segmentBytes = 1 << 20,
                                               std::uint64_t quota = 256 << 20)
{
    store::StoreConfig config;
    config.directory = database.path().toStdString();
    config.database = database.url();
    config.segmentBytes = segmentBytes;
    config.journalQuota = quota;
    config.ballastBytes = 1 << 20;
    auto opened = store::Store::open(config);
    if (!opened)
        qCritical("%s", opened.error().toString().c_str());
    return opened ? std::move(*opened) : nullptr;
}

} // namespace luthien::test
