// SPDX-License-Identifier: Apache-2.0
#include "runtime/recorded_data.h"

#include "archive/read_cut_call.h"
#include "archive/read_texts.h"
#include "base/logging.h"
#include "runtime/price_file.h"
#include "store/journal_set.h"

namespace luthien::runtime {

namespace {
using Left = store::JournalSet::Left;

Result<Left> leftInJournal(const Paths& paths, store::Reader& reader)
{
    const auto database = reader.databaseName();
    return database ? store::JournalSet::whatIsLeft(paths.database().journal(), *database) : database.error();
}

/// Whether reading alone would miss something that whoever opens the store takes in.
Result<bool> waitsForAStore(const Paths& paths, store::Reader& reader)
{
    const auto left = leftInJournal(paths, reader);
    const auto unindexed = reader.countUnindexed(1);
    if (!left || !unindexed)
        return left ? unindexed.error() : left.error();
    if (*left == Left::Anothers && !DataDirectoryLock::isHeld(paths))
        qCWarning(lcRuntime, "what waits in the journal was recorded for another database and is not shown");
    return *left == Left::Own || (*left == Left::Nothing && *unindexed > 0);
}
} // namespace

Result<std::unique_ptr<store::Store>> openStore(const Paths& paths, std::shared_ptr<const store::EvidenceKey> key)
{
    auto prices = loadPrices(paths.priceFile());
    if (!prices)
        return prices.error();
    return store::Store::open({.directory = paths.dataDirectory,
                               .database = paths.databaseUrl,
                               .evidenceKey = std::move(key),
                               .readTexts = archive::readTexts,
                               .readCutCall = archive::readCutCalls(
                                   std::make_shared<const conversation::PriceTable>(std::move(prices->prices)))});
}

Result<RecordedData> RecordedData::open(const Paths& paths, const FindKey& findKey)
{
    RecordedData data;
    auto reader = store::Reader::open(paths.database());
    if (!reader)
        return reader.error();
    data.m_reader = *std::move(reader);
    const auto waits = waitsForAStore(paths, *data.m_reader);
    if (!waits)
        return waits.error();
    if (!*waits)
        return data;
    auto lock = DataDirectoryLock::acquire(paths, "luthiend");
    if (!lock)
        return lock.error().code == ErrorCode::Conflict ? Result<RecordedData>(std::move(data)) : lock.error();
    auto store = openStore(paths, findKey());
    if (!store)
        return store.error();
    data.m_lock = *std::move(lock);
    data.m_store = *std::move(store);
    return data;
}

} // namespace luthien::runtime
