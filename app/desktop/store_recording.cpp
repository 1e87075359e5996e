// SPDX-License-Identifier: Apache-2.0
#include "desktop/store_recording.h"

#include "desktop/models/call_texts.h"
#include "desktop/recording_reading.h"

namespace luthien::desktop {

StoreRecording::StoreRecording(ReaderThread& reader, QObject* parent)
    : RecordingSource(parent)
    , m_reader(reader)
{
}

void StoreRecording::loadRecording(quint64 token, CallId call)
{
    m_reader.post([this, token, call](const Result<store::Reader*>& reader) {
        auto read = reader ? readRecording(**reader, call) : Result<Recording>(reader.error());
        if (!read) {
            const QString problem = fromUtf8(read.error().toString());
            QMetaObject::invokeMethod(
                this, [this, token, problem] { Q_EMIT failed(token, problem); }, Qt::QueuedConnection);
            return;
        }
        QMetaObject::invokeMethod(
            this,
            [this, token, recording = std::make_shared<const Recording>(*std::move(read))] {
                Q_EMIT recordingLoaded(token, recording);
            },
            Qt::QueuedConnection);
    });
}

} // namespace luthien::desktop
