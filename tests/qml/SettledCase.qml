// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest

// A test of what reads the record: what was asked for, and what that leads to, is answered when one says so.
TestCase {
    when: windowShown

    function settle() {
        for (let i = 0; i < 4; ++i) {
            fixture.answer();
            wait(10);
        }
    }
}
