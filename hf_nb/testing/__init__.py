"""What tests of this package stand on, and yours may: a clock that passes when told, a promise every backend keeps."""
