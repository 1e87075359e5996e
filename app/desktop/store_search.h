// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/search_source.h"
#include "desktop/reader_thread.h"

#include <atomic>

namespace luthien::desktop {

/// Texts as the store's index finds them. The reader thread ends before this does. Thread: GUI.
class StoreSearch final : public SearchSource
{
    Q_OBJECT

public:
    explicit StoreSearch(ReaderThread& finder, QObject* parent = nullptr);

    void search(const SearchRequest& request) override;
    void cancel(quint64 token) override;

private:
    ReaderThread& m_finder;
    std::atomic<quint64> m_newest = 0; ///< what belongs to an older one is not searched for any more
    std::uint64_t m_job = 0;           ///< the last one posted
};

} // namespace luthien::desktop
