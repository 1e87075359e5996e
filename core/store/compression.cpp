// SPDX-License-Identifier: Apache-2.0
#include "store/compression.h"

#include <QFile>

#include <zstd.h>

static void initialiseDictionary()
{
    Q_INIT_RESOURCE(store_dictionary); // must be called outside of any namespace
}

namespace luthien::store {

namespace {
constexpr std::size_t kMinBytes = 32;              // below, a zstd frame costs more than it saves
constexpr std::size_t kMaxBlockBytes = 16 << 10;   // above, a block is its own dictionary
constexpr std::uint64_t kMaxRawBytes = 1ull << 30; // far above any request or block we write

const QByteArray& blockDictionary()
{
    static const QByteArray bytes = [] {
        initialiseDictionary();
        QFile file(QStringLiteral(":/store/resources/dictionary/blocks"));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }();
    return bytes;
}
} // namespace

void Compression::Free::operator()(ZSTD_CCtx_s* context) const noexcept
{
    ZSTD_freeCCtx(context);
}

void Compression::Free::operator()(ZSTD_CDict_s* dictionary) const noexcept
{
    ZSTD_freeCDict(dictionary);
}

void Compression::Free::operator()(ZSTD_DCtx_s* context) const noexcept
{
    ZSTD_freeDCtx(context);
}

void Compression::Free::operator()(ZSTD_DDict_s* dictionary) const noexcept
{
    ZSTD_freeDDict(dictionary);
}

Compression::Compression()
    : m_packer(ZSTD_createCCtx())
    , m_unpacker(ZSTD_createDCtx())
{
}

Compression::~Compression() = default;

Packed Compression::pack(std::string_view bytes, int level)
{
    Packed packed;
    if (bytes.size() >= kMinBytes) {
        packed.bytes.resize(ZSTD_compressBound(bytes.size()));
        const std::size_t size = ZSTD_compressCCtx(m_packer.get(), packed.bytes.data(), packed.bytes.size(),
                                                   bytes.data(), bytes.size(), level);
        if (ZSTD_isError(size) == 0 && size < bytes.size()) {
            packed.bytes.resize(size);
            packed.codec = Codec::Zstd;
            return packed;
        }
    }
    packed.bytes.assign(bytes);
    return packed;
}

Packed Compression::packBlock(std::string_view raw, int level)
{
    if (raw.size() > kMaxBlockBytes)
        return pack(raw, level);
    Packed packed{Codec::ZstdBlock, {}};
    const std::size_t size = packInto(packed.bytes, raw, level);
    if (ZSTD_isError(size) == 0 && size < raw.size())
        packed.bytes.resize(size);
    else
        packed = {Codec::Plain, std::string(raw)};
    return packed;
}

std::size_t Compression::packInto(std::string& packed, std::string_view raw, int level)
{
    auto& dictionary = m_packing[level];
    if (!dictionary) {
        const QByteArray& bytes = blockDictionary();
        dictionary.reset(ZSTD_createCDict(bytes.data(), static_cast<std::size_t>(bytes.size()), level));
        // The row beside it says both.
        ZSTD_CCtx_setParameter(m_packer.get(), ZSTD_c_contentSizeFlag, 0);
        ZSTD_CCtx_setParameter(m_packer.get(), ZSTD_c_dictIDFlag, 0);
    }
    ZSTD_CCtx_refCDict(m_packer.get(), dictionary.get());
    packed.resize(ZSTD_compressBound(raw.size()));
    return ZSTD_compress2(m_packer.get(), packed.data(), packed.size(), raw.data(), raw.size());
}

Result<std::string> Compression::unpack(Codec codec, std::string bytes, std::uint64_t rawBytes)
{
    const Error damaged{ErrorCode::InvalidInput, "stored bytes are damaged", "database"};
    if (codec == Codec::Plain)
        return bytes.size() == rawBytes ? Result<std::string>(std::move(bytes)) : damaged;
    if ((codec != Codec::Zstd && codec != Codec::ZstdBlock) || rawBytes > kMaxRawBytes)
        return damaged;
    if (codec == Codec::ZstdBlock && !m_unpacking) {
        const QByteArray& dictionary = blockDictionary();
        m_unpacking.reset(ZSTD_createDDict(dictionary.data(), static_cast<std::size_t>(dictionary.size())));
    }
    std::string raw(rawBytes, '\0');
    const std::size_t size =
        ZSTD_decompress_usingDDict(m_unpacker.get(), raw.data(), raw.size(), bytes.data(), bytes.size(),
                                   codec == Codec::ZstdBlock ? m_unpacking.get() : nullptr);
    if (ZSTD_isError(size) != 0 || size != rawBytes)
        return damaged;
    return raw;
}

} // namespace luthien::store
