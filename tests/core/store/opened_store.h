// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/store.h"

#include <QTemporaryDir>
#include <QtGlobal>

#include <cstdint>
#include <memory>
#include <utility>

namespace luthien::test {

/// A small store in a directory of the test's own; null, with a line that says why, if it cannot be opened.
inline std::unique_ptr<store::Store> openStore(const QTemporaryDir& directory, std::uint64_t segmentBytes = 1 << 20,
                                               std::uint64_t quota = 256 << 20)
{
    store::StoreConfig config;
    config.directory = directory.path().toStdString();
    config.segmentBytes = segmentBytes;
    config.journalQuota = quota;
    config.ballastBytes = 1 << 20;
    auto opened = store::Store::open(config);
    if (!opened)
        qCritical("%s", opened.error().toString().c_str());
    return opened ? std::move(*opened) : nullptr;
}

} // namespace luthien::test
