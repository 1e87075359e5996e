// SPDX-License-Identifier: Apache-2.0
#include "runtime/recorded_data.h"

#include "archive/read_cut_call.h"
#include "archive/read_texts.h"
#include "runtime/price_file.h"

namespace luthien::runtime {

Result<RecordedData> RecordedData::open(const Paths& paths, const FindKey& findKey)
{
    std::error_code failure;
    if (!std::filesystem::is_directory(paths.dataDirectory, failure))
        return Error{.code = ErrorCode::NotFound,
                     .message = "nothing was recorded here yet; start with luthiend serve",
                     .context = paths.dataDirectory.string()};
    RecordedData data;
    auto lock = DataDirectoryLock::acquire(paths, "luthiend");
    if (!lock && lock.error().code != ErrorCode::Conflict)
        return lock.error();
    if (lock) {
        data.m_lock = *std::move(lock);
        auto prices = loadPrices(paths.priceFile());
        if (!prices)
            return prices.error();
        auto store =
            store::Store::open({.directory = paths.dataDirectory,
                                .database = paths.databaseUrl,
                                .evidenceKey = findKey(),
                                .readTexts = archive::readTexts,
                                .readCutCall = archive::readCutCalls(
                                    std::make_shared<const conversation::PriceTable>(std::move(prices->prices)))});
        if (!store)
            return store.error();
        data.m_store = *std::move(store);
    }
    auto reader = store::Reader::open(paths.database());
    if (!reader)
        return reader.error();
    data.m_reader = *std::move(reader);
    return data;
}

} // namespace luthien::runtime
